using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace RealtimeOps.Hosting.Security;

/// <summary>Judges JSON Web Tokens by one state of the configuration. When that changes, what was judged by the old one no longer holds.</summary>
internal sealed class BearerTokens
{
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    /// <summary>An issuer's clock may go ahead of ours. A token's end is taken as it stands: a stream ends at that moment, and a new one must not begin after it.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private readonly TokenValidationParameters _parameters;
    private readonly ConfigurationManager<OpenIdConnectConfiguration>? _discovery;
    private readonly TimeProvider _time;
    private volatile bool _isRevoked;

    public BearerTokens(JwtOptions options, TimeProvider time)
    {
        _time = time;
        Settings = string.Join('\n', [options.Authority?.AbsoluteUri ?? "", options.Audience ?? "", .. options.SigningKeys]);
        _discovery = options.Authority is { } authority ? Discover(authority) : null;
        _parameters = new TokenValidationParameters
        {
            ValidAudience = options.Audience,
            ValidateAudience = options.Audience is not null,
            ValidateIssuer = options.Authority is not null,
            IssuerSigningKeys = options.SigningKeys.SelectMany(TokenKeys.Parse).ToArray(),
            ConfigurationManager = _discovery,
            LifetimeValidator = (notBefore, expires, _, _) => expires is { } end && end > Now() && !(notBefore > Now() + Skew),
        };
    }

    /// <summary>What it was made from.</summary>
    public string Settings { get; }

    public void Revoke() => _isRevoked = true;

    /// <summary>Null with the reason when it is not to be believed.</summary>
    /// <exception cref="ProblemException">It cannot be judged, since the issuer's keys cannot be had.</exception>
    public async Task<(Caller? Caller, string? Fault)> JudgeAsync(string token)
    {
        await RequireKeysAsync();
        TokenValidationResult result = await Handler.ValidateTokenAsync(token, _parameters);
        if (!result.IsValid)
        {
            // The exception's text may hold parts of the token; its kind says enough.
            return (null, result.Exception?.GetType().Name);
        }

        var read = (JsonWebToken)result.SecurityToken;
        if (read.Subject is not { Length: > 0 } subject)
        {
            return (null, "no sub");
        }

        // Some databases do not tell names apart that differ in blanks at the end.
        string owner = "jwt:" + subject;
        if (owner.Length > Caller.LongestOwner || subject != subject.Trim() || subject.Any(char.IsControl))
        {
            return (null, "a sub that is too long, begins or ends with a blank, or holds a control character");
        }

        return (new Caller
        {
            Owner = owner,
            Name = subject,
            Scopes = ScopeNames.ParseAll(Scopes(read)),
            Credential = new Token(this, read.ValidTo),
        }, null);
    }

    /// <summary>The handler would take a missing issuer for a fault of the token, and clients give up at a 401.</summary>
    private async Task RequireKeysAsync()
    {
        try
        {
            if (_discovery is not null)
            {
                await _discovery.GetConfigurationAsync(CancellationToken.None);
            }
        }
        catch (InvalidOperationException)
        {
            throw new ProblemException(Problems.IssuerUnavailable);
        }
    }

    /// <summary>A text with blanks between, as OAuth has it, or a list.</summary>
    private static IEnumerable<string> Scopes(JsonWebToken token) =>
        token.Claims.Where(claim => claim.Type is "scope" or "scp").SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static ConfigurationManager<OpenIdConnectConfiguration> Discover(Uri authority) => new(
        authority.AbsoluteUri.TrimEnd('/') + "/.well-known/openid-configuration",
        new OpenIdConnectConfigurationRetriever(),
        new HttpDocumentRetriever(Http) { RequireHttps = authority.Scheme == Uri.UriSchemeHttps });

    private DateTime Now() => _time.GetUtcNow().UtcDateTime;

    private sealed class Token(BearerTokens judge, DateTime validTo) : Credential
    {
        public override DateTimeOffset? ExpiresAt { get; } = new DateTimeOffset(DateTime.SpecifyKind(validTo, DateTimeKind.Utc));

        public override bool IsRevoked => judge._isRevoked;
    }
}
