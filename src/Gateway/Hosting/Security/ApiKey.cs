using System.Collections.Frozen;

namespace RealtimeOps.Hosting.Security;

/// <summary>A key as it is configured. A change of its settings makes another one of it.</summary>
internal sealed class ApiKey : Credential
{
    private volatile bool _isRevoked;

    public ApiKey(ApiKeyOptions options, Digest digest)
    {
        Digest = digest;
        ExpiresAt = options.ExpiresAt;
        Caller = new Caller
        {
            Owner = "key:" + options.Name,
            Name = options.Name!,
            Scopes = ScopeNames.ParseAll(options.Scopes),
            Types = options.Types.Count == 0 ? null : options.Types.ToFrozenSet(),
            Credential = this,
        };
    }

    public Digest Digest { get; }

    public Caller Caller { get; }

    public override DateTimeOffset? ExpiresAt { get; }

    public override bool IsRevoked => _isRevoked;

    public void Revoke() => _isRevoked = true;

    public bool IsSameAs(ApiKey other) =>
        Digest == other.Digest && ExpiresAt == other.ExpiresAt && Caller.Owner == other.Caller.Owner && Caller.Scopes == other.Caller.Scopes
        && (Caller.Types is null ? other.Caller.Types is null : other.Caller.Types is { } types && Caller.Types.SetEquals(types));
}
