using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace RealtimeOps.IntegrationTests.Security;

/// <summary>An issuer of tokens that shares a secret with the server.</summary>
internal static class Tokens
{
    public const string Secret = "a shared secret of the issuer, planted";

    public static readonly Dictionary<string, string?> Settings = new() { ["Security:Jwt:SigningKeys:0"] = Secret, ["Security:Jwt:Audience"] = "realtimeops" };

    public static string For(string subject, string scopes, DateTimeOffset? expiresAt = null, string secret = Secret, string audience = "realtimeops")
    {
        DateTime end = (expiresAt ?? TimeProvider.System.GetUtcNow().AddHours(1)).UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Audience = audience,
            Expires = end,
            Claims = new Dictionary<string, object> { ["sub"] = subject, ["scope"] = scopes },
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret)), SecurityAlgorithms.HmacSha256),
        });
    }
}
