using Hangfire.States;

namespace RealtimeOps.Hangfire;

/// <summary>For Hangfire's workers: gives a job whose run is over the state that tells how its operation stands. A filter could do that too, but would leave the state it replaces in the job's history.</summary>
internal sealed class AttemptEndChanger(EngineStorage storage, OperationJobs jobs) : IBackgroundJobStateChanger
{
    public IState? ChangeState(StateChangeContext context)
    {
        if (context.CustomData?.GetValueOrDefault(JobEnd.Item) is not JobEnd end)
        {
            return storage.Changer.ChangeState(context);
        }

        IState? applied = end.State is null ? storage.Changer.ChangeState(context) : Replace(context, end.State);

        // Only now, lest the next attempt finds the job in the state that this one is about to leave.
        jobs.Left(end.Key, end.Operation);
        return applied;
    }

    private IState? Replace(StateChangeContext context, IState state)
    {
        var instead = new StateChangeContext(context.Storage, context.Connection, context.BackgroundJobId, state, context.ExpectedStates, context.CancellationToken);
        IState? applied = storage.Changer.ChangeState(instead);
        context.ProcessedJob = instead.ProcessedJob;
        return applied;
    }
}
