using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RealtimeOps.Hosting;

/// <summary>Who may do what; configuration section <c>Security</c>. Without any key and without <see cref="Jwt"/> the server is open, and listens on loopback addresses only.</summary>
public sealed class SecurityOptions
{
    /// <summary>The keys that callers may present. A change of the configuration counts at once.</summary>
    public IList<ApiKeyOptions> ApiKeys { get; } = [];

    /// <summary>Section <c>Jwt</c>.</summary>
    [ValidateObjectMembers]
    public JwtOptions Jwt { get; } = new();

    /// <summary>Signs links and browser sessions: 32 bytes or more in base64. All nodes need the same.</summary>
    /// <value>Default: made at the first start and kept in the data folder, file <c>link-key</c>.</value>
    public string? LinkKey { get; set; }

    /// <summary>How long browsers that came by https are told to come no other way (<c>Strict-Transport-Security</c>). Zero tells them nothing.</summary>
    /// <value>Default 30 days.</value>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan HstsMaxAge { get; set; } = TimeSpan.FromDays(30);

    internal bool HasCredentials => ApiKeys.Count > 0 || Jwt.IsConfigured;
}

/// <summary>One API key.</summary>
public sealed class ApiKeyOptions
{
    /// <summary>Whose it is. What is submitted with the key belongs to this name, so it should stay when the key is replaced.</summary>
    public string? Name { get; set; }

    /// <summary>The SHA-256 of the key in hexadecimal; while a key is being replaced, those of the old and of the new one, with a comma between.</summary>
    public string? Sha256 { get; set; }

    /// <summary>Some of <c>submit</c>, <c>read</c>, <c>manage</c>, <c>admin.read</c>, <c>admin</c>.</summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>The operation types that the key is for; none for all.</summary>
    public IList<string> Types { get; } = [];

    /// <summary>From when on the key is refused.</summary>
    /// <value>Default: never.</value>
    public DateTimeOffset? ExpiresAt { get; set; }

    internal IEnumerable<string> Digests => (Sha256 ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Which JSON Web Tokens are believed.</summary>
public sealed class JwtOptions
{
    /// <summary>An OpenID Connect issuer; its keys are found by its discovery document.</summary>
    public Uri? Authority { get; set; }

    /// <summary>What a token's <c>aud</c> must hold. Needed with an <see cref="Authority"/>, or tokens that were made for others would do.</summary>
    public string? Audience { get; set; }

    /// <summary>Keys that sign tokens: a public key in PEM form, or a shared secret of 32 bytes or more, as base64 or as text.</summary>
    public IList<string> SigningKeys { get; } = [];

    internal bool IsConfigured => Authority is not null || SigningKeys.Count > 0;
}
