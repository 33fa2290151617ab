namespace RealtimeOps.Execution;

/// <summary>A handler says that its operation failed, in words and with a code that the operation's users will see.</summary>
public sealed class OperationFailedException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="status">The error code, the handler's own; anything but 0.</param>
    /// <param name="message">What happened and what can be done, for a person.</param>
    /// <param name="retry">Whether another attempt may help. False ends the operation at once.</param>
    /// <param name="inner">The cause, for the log.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="status"/> is 0, which means success.</exception>
    public OperationFailedException(int status, string message, bool retry = false, Exception? inner = null)
        : base(message, inner)
    {
        ArgumentOutOfRangeException.ThrowIfZero(status);
        Status = status;
        Retry = retry;
    }

    /// <summary>The error code.</summary>
    public int Status { get; }

    /// <summary>Whether another attempt may help.</summary>
    public bool Retry { get; }

    /// <summary>What <c>/result</c> answers then; null for 422.</summary>
    internal int? HttpStatus { get; init; }

    /// <summary>The kind of failure, in other words than the usual ones.</summary>
    internal string? Title { get; init; }

    /// <summary>Another attempt does not help before, as far as is known.</summary>
    internal TimeSpan? RetryAfter { get; init; }
}
