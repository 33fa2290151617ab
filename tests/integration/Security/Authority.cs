using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RealtimeOps.TestSupport;

namespace RealtimeOps.IntegrationTests.Security;

/// <summary>An OpenID Connect issuer, as much of it as a server that believes its tokens asks for.</summary>
internal sealed class Authority : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RsaSecurityKey _key;

    private Authority(WebApplication app, RsaSecurityKey key) => (_app, _key) = (app, key);

    public string Address => _app.Urls.Single();

    public static async Task<Authority> StartAsync(RSA rsa)
    {
        var key = new RsaSecurityKey(rsa) { KeyId = "one" };
        JsonWebKey published = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.ExportParameters(includePrivateParameters: false)) { KeyId = "one" });
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.MapGet("/.well-known/openid-configuration", (HttpRequest request) => Results.Json(new { issuer = $"http://{request.Host}", jwks_uri = $"http://{request.Host}/keys" }));
        app.MapGet("/keys", () => Results.Json(new { keys = new[] { new { kty = published.Kty, kid = published.Kid, n = published.N, e = published.E, use = "sig", alg = "RS256" } } }));
        await app.StartAsync().Limited();
        return new Authority(app, key);
    }

    public string Token(string audience, string issuer) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = issuer,
        Audience = audience,
        Claims = new Dictionary<string, object> { ["sub"] = "anna", ["scope"] = "read" },
        SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.RsaSha256),
    });

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().Limited();
        await _app.DisposeAsync();
    }
}
