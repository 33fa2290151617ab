namespace RealtimeOps;

/// <summary>The store cannot be written or read now: disk full, read-only, unreachable. Nothing was changed, unless <see cref="IsOutcomeUnknown"/>; trying later may help.</summary>
internal sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>It may have been changed nevertheless: the answer to the commit was lost, and the store could not be asked since.</summary>
    public bool IsOutcomeUnknown { get; init; }
}
