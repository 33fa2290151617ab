namespace RealtimeOps.Hosting.Security;

/// <summary>What a caller proved itself with, and until when that holds.</summary>
internal abstract class Credential
{
    /// <summary>Null when it does not end by itself.</summary>
    public abstract DateTimeOffset? ExpiresAt { get; }

    /// <summary>It has expired or was revoked.</summary>
    public bool IsOver(DateTimeOffset now) => ExpiresAt <= now || IsRevoked;

    public abstract bool IsRevoked { get; }
}
