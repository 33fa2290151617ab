namespace RealtimeOps.Webhooks;

/// <summary>The names of what can go wrong with a try.</summary>
internal static class DeliveryErrors
{
    public const string Dns = "dns";
    public const string ConnectionRefused = "connectionRefused";
    public const string Unreachable = "unreachable";
    public const string ConnectionLost = "connectionLost";
    public const string Tls = "tls";
    public const string TimedOut = "timedOut";
    public const string Protocol = "protocol";

    /// <summary>The address may not be called.</summary>
    public const string TargetRefused = "targetRefused";

    /// <summary>3xx: redirects are not followed.</summary>
    public const string Redirect = "redirect";

    /// <summary>410: the receiver wants no more.</summary>
    public const string Gone = "gone";

    /// <summary>It lay in its mailbox for too long without being acknowledged.</summary>
    public const string NotFetched = "notFetched";

    /// <summary>Any other answer that is not 2xx.</summary>
    public const string Status = "status";
}
