using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>Tells the operator of every change of state once it is durable, on the node that made it: one event in the log, and the figures that follow from it.</summary>
internal sealed class OperationJournal(OperationMetrics metrics, ILogger<OperationJournal> logger)
{
    public void Accepted(Operation operation)
    {
        metrics.Accepted(operation);
        OperationLog.Accepted(logger, operation.Key);
    }

    public void Changed(Operation before, Operation next)
    {
        metrics.Changed(before, next);
        if (next.State != before.State)
        {
            Log(before, next);
        }
    }

    public void Removed(Operation operation) => OperationLog.Removed(logger, operation.Key);

    private void Log(Operation before, Operation next)
    {
        switch (next.State)
        {
            case OperationState.Running:
                OperationLog.Started(logger, next.Key, next.Attempt);
                break;
            case OperationState.Retrying:
                OperationLog.Retried(logger, next.Key, next.Attempt, next.DueAt);
                break;
            case OperationState.Canceling:
                OperationLog.CancelAsked(logger, next.Key, next.Attempt);
                break;
            case OperationState.Queued:
                OperationLog.GivenBack(logger, next.Key, before.Attempt);
                break;
            case OperationState.Succeeded:
                OperationLog.Succeeded(logger, next.Key, next.Attempt);
                break;
            case OperationState.Failed:
                OperationLog.Failed(logger, next.Key, next.Status ?? 0, next.Attempt);
                break;
            case OperationState.Canceled:
                OperationLog.Canceled(logger, next.Key, next.Attempt);
                break;
        }
    }
}
