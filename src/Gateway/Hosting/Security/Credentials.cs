using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace RealtimeOps.Hosting.Security;

/// <summary>
/// The credentials as they are configured now. A change of the configuration counts at once, without a restart; one with faults is reported and
/// leaves the old ones in force. A server that once had credentials never becomes open again while it runs.
/// </summary>
internal sealed class Credentials : IDisposable
{
    private readonly Lock _gate = new();
    private readonly IOptionsFactory<RealtimeOpsOptions> _options;
    private readonly TimeProvider _time;
    private readonly ILogger<Credentials> _logger;
    private readonly IDisposable _changes;
    private volatile FrozenDictionary<Digest, ApiKey> _keys = FrozenDictionary<Digest, ApiKey>.Empty;
    private volatile BearerTokens? _tokens;
    private volatile bool _isOpen = true;

    public Credentials(IOptions<RealtimeOpsOptions> options, IOptionsFactory<RealtimeOpsOptions> factory, IConfiguration configuration, TimeProvider time, ILogger<Credentials> logger)
    {
        (_options, _time, _logger) = (factory, time, logger);
        Use(options.Value.Security);
        _changes = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    /// <summary>None are configured: everybody may do everything.</summary>
    public bool IsOpen => _isOpen;

    public BearerTokens? Tokens => _tokens;

    /// <summary>The key, expired or not; null when it is none of ours.</summary>
    public ApiKey? Find(string key) => Find(Digest.Of(key));

    public ApiKey? Find(Digest digest) => _keys.GetValueOrDefault(digest);

    public void Dispose() => _changes.Dispose();

    private void Reload()
    {
        try
        {
            Use(_options.Create(Options.DefaultName).Security);
        }
        catch (OptionsValidationException fault)
        {
            SecurityLog.NotReloaded(_logger, string.Join(" ", fault.Failures));
        }
    }

    private void Use(SecurityOptions options)
    {
        lock (_gate)
        {
            FrozenDictionary<Digest, ApiKey> before = _keys;
            _keys = options.ApiKeys
                .SelectMany(key => key.Digests.Select(digest => new ApiKey(key, Digest.Parse(digest))))
                .Select(key => before.TryGetValue(key.Digest, out ApiKey? known) && known.IsSameAs(key) ? known : key)
                .ToFrozenDictionary(key => key.Digest);
            var tokens = options.Jwt.IsConfigured ? new BearerTokens(options.Jwt, _time) : null;
            bool sameTokens = tokens?.Settings == _tokens?.Settings;
            BearerTokens? retired = sameTokens ? null : _tokens;
            _tokens = sameTokens ? _tokens : tokens;
            _isOpen &= !options.HasCredentials;

            // Revoked only once the new ones count: who is sent away may come back at once.
            ApiKey[] gone = [.. before.Values.Where(key => Find(key.Digest) != key)];
            Array.ForEach(gone, key => key.Revoke());
            retired?.Revoke();
            if (gone.Length > 0 || before.Count != _keys.Count || !sameTokens)
            {
                SecurityLog.Loaded(_logger, _keys.Count, _tokens is null ? "none" : "as configured", gone.Length);
            }
        }
    }
}
