using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>How a handler's run went, as a value: the runner turns it into the operation's next state.</summary>
internal abstract record AttemptOutcome
{
    private AttemptOutcome()
    {
    }

    public sealed record Succeeded(string? Message, Payload? Result) : AttemptOutcome;

    /// <summary><paramref name="Cause"/> is what the handler threw, for the operator only; <paramref name="RetryAfter"/> how long another attempt does not help.</summary>
    public sealed record Failed(OperationError Error, bool Retry, Exception? Cause = null, TimeSpan? RetryAfter = null) : AttemptOutcome;

    public sealed record Stopped(StopReason Reason) : AttemptOutcome;

    /// <summary>The store could not take what the handler made; that is no fault of the operation.</summary>
    public sealed record StoreFailed : AttemptOutcome;
}

/// <summary>How an attempt ended, for the engine that ran it.</summary>
/// <param name="Operation">The operation as the attempt left it; null when the attempt could not claim it, or lost its hold.</param>
/// <param name="Failure">What the handler threw, if it failed.</param>
internal readonly record struct AttemptEnd(Operation? Operation, Exception? Failure);
