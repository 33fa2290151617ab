using Hangfire.States;
using Hangfire.Storage;
using RealtimeOps.Execution;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;
using RealtimeOps.Watch;

namespace RealtimeOps.Hangfire;

/// <summary>For the dashboard: what a person does to a job is done to its operation, and the job follows.</summary>
internal sealed class OperatorChanger(EngineStorage storage, OperationJobs jobs, OperationFeed feed, Resubmission resubmission, RunningAttempts attempts, TimeProvider time) : IBackgroundJobStateChanger
{
    public IState? ChangeState(StateChangeContext context)
    {
        JobData? job = context.Connection.GetJobData(context.BackgroundJobId);
        if (OperationJob.KeyOf(job?.Job) is not { } key || feed.FindAsync(key, CancellationToken.None).AsTask().GetAwaiter().GetResult() is not { } live)
        {
            return storage.Changer.ChangeState(context);
        }

        if (context.ExpectedStates is { } expected && !expected.Contains(job!.State, StringComparer.OrdinalIgnoreCase))
        {
            return null;
        }

        // The dashboard asks on a thread of the pool, without a synchronization context; a person waits for the answer.
        return context.NewState switch
        {
            DeletedState => DeleteAsync(context, live).GetAwaiter().GetResult(),
            EnqueuedState when live.Durable.State.IsFinal() => ResubmitAsync(context, live).GetAwaiter().GetResult(),
            EnqueuedState when live.Durable.State.IsHeld() => null,
            _ => storage.Changer.ChangeState(context),
        };
    }

    /// <summary>Deleting what waits or runs cancels it; what runs becomes Deleted once its handler has stopped. What has ended only leaves the lists.</summary>
    private async Task<IState?> DeleteAsync(StateChangeContext context, LiveOperation live)
    {
        DateTimeOffset now = time.GetUtcNow();
        Operation? canceled = await feed.ChangeAsync(live, operation => operation.RequestCancel(now), next => HistoryEvent.OfCancel(next, now));
        if (canceled is null)
        {
            return storage.Changer.ChangeState(context);
        }

        if (!canceled.State.IsFinal())
        {
            attempts.Cancel(live.Key);
            Note(context, new JobNote("Canceling", "Canceled from the dashboard; the handler was asked to stop."));
            return context.NewState;
        }

        IState? applied = storage.Changer.ChangeState(context);
        jobs.Drop(live.Key);
        return applied;
    }

    /// <summary>An ended operation stays as it is: it is submitted anew, and the two link to each other.</summary>
    private async Task<IState?> ResubmitAsync(StateChangeContext context, LiveOperation ended)
    {
        Operation accepted;
        try
        {
            accepted = (await resubmission.MakeAsync(ended, CancellationToken.None)).Durable;
        }
        catch (ProblemException)
        {
            return null;
        }

        Note(context, new JobNote("Resubmitted", "Submitted anew from the dashboard.", new() { ["Operation"] = accepted.Uri }));
        return context.NewState;
    }

    private static void Note(StateChangeContext context, JobNote note)
    {
        using IWriteOnlyTransaction transaction = context.Connection.CreateWriteTransaction();
        transaction.AddJobState(context.BackgroundJobId, note);
        transaction.Commit();
    }
}
