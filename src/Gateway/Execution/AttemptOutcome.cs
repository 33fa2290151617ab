using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>How a handler's run went, as a value: the runner turns it into the operation's next state.</summary>
internal abstract record AttemptOutcome
{
    private AttemptOutcome()
    {
    }

    public sealed record Succeeded(string? Message, Payload? Result) : AttemptOutcome;

    public sealed record Failed(OperationError Error, bool Retry) : AttemptOutcome;

    public sealed record Stopped(StopReason Reason) : AttemptOutcome;

    /// <summary>The store could not take what the handler made; that is no fault of the operation.</summary>
    public sealed record StoreFailed : AttemptOutcome;
}
