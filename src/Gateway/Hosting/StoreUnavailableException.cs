namespace RealtimeOps;

/// <summary>The store cannot be written or read now: disk full, read-only, unreachable. Nothing was changed; trying later may help.</summary>
internal sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
