using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Security;

/// <summary>JSON Web Tokens, signed with configured keys.</summary>
public sealed class TokenTests
{
    [Fact]
    public async Task Token_OfTheIssuer_IsItsSubject()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new(Tokens.Settings));
        using GatewayClient anna = server.ClientWith(Tokens.For("anna", "submit read"));

        string uri = (await anna.RunAsync(Inputs.Demo, Inputs.Quick)).Text("uri")!;

        using GatewayClient again = server.ClientWith(Tokens.For("anna", "read"));
        (await again.GetAsync(uri)).ShouldBe(200);
        Answer who = await again.GetAsync("/session");
        who.Json.Text("name").ShouldBe("anna");
        who.Json.GetProperty("scopes")[0].GetString().ShouldBe("read");
    }

    [Fact]
    public async Task Token_OfANameThatAKeyHas_IsSomebodyElse()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new(new Keys().With("anna", "submit read").Settings().Concat(Tokens.Settings)));
        using GatewayClient key = server.ClientWith(Keys.Of("anna"));
        using GatewayClient token = server.ClientWith(Tokens.For("anna", "read"));
        string uri = (await key.RunAsync(Inputs.Demo, Inputs.Quick)).Text("uri")!;

        (await token.GetAsync(uri)).ShouldBe(404);
    }

    [Theory]
    [InlineData("another secret")]
    [InlineData("another audience")]
    [InlineData("expired")]
    [InlineData("no subject")]
    [InlineData("a subject too long")]
    [InlineData("a subject with a blank at its end")]
    [InlineData("no signature")]
    [InlineData("no end")]
    public async Task Token_ThatIsNotGood_IsRefused(string fault)
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new(Tokens.Settings));
        string token = fault switch
        {
            "another secret" => Tokens.For("anna", "read", secret: new string('z', 64)),
            "another audience" => Tokens.For("anna", "read", audience: "elsewhere"),
            "expired" => Tokens.For("anna", "read", TimeProvider.System.GetUtcNow().AddSeconds(-1)),
            "no subject" => Tokens.For("", "read"),
            "a subject too long" => Tokens.For(new string('a', 253), "read"),
            "a subject with a blank at its end" => Tokens.For("anna ", "read"),
            "no signature" => string.Join('.', Tokens.For("anna", "read").Split('.')[..2]) + ".",
            _ => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
                "{\"sub\":\"anna\",\"aud\":\"realtimeops\",\"scope\":\"read\"}",
                new SigningCredentials(new SymmetricSecurityKey(System.Text.Encoding.UTF8.GetBytes(Tokens.Secret)), SecurityAlgorithms.HmacSha256)),
        };
        using GatewayClient client = server.ClientWith(token);

        (await client.GetAsync("/operations")).ShouldBeProblem(401, "unauthorized")["WWW-Authenticate"]!.ShouldContain("invalid_token");
    }

    [Fact]
    public async Task Token_OfTheLongestSubject_OwnsWhatItSubmits()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new(Tokens.Settings));
        using GatewayClient client = server.ClientWith(Tokens.For(new string('a', 252), "submit read"));

        (await client.RunAsync(Inputs.Demo, Inputs.Quick)).Text("state").ShouldBe("succeeded");
    }

    [Theory]
    [InlineData("rsa")]
    [InlineData("ec")]
    public async Task Token_SignedWithAPrivateKey_IsJudgedByThePublicOne(string kind)
    {
        using var rsa = RSA.Create(2048);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string pem = kind == "rsa" ? rsa.ExportSubjectPublicKeyInfoPem() : curve.ExportSubjectPublicKeyInfoPem();
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Security:Jwt:SigningKeys:0"] = pem });
        string token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Claims = new Dictionary<string, object> { ["sub"] = "anna", ["scp"] = new[] { "read" } },
            SigningCredentials = kind == "rsa" ? new(new RsaSecurityKey(rsa), SecurityAlgorithms.RsaSha256) : new(new ECDsaSecurityKey(curve), SecurityAlgorithms.EcdsaSha256),
        });
        using GatewayClient anna = server.ClientWith(token);
        // The public key is public: whoever signs with it as if it were a secret has proved nothing.
        using GatewayClient forger = server.ClientWith(Tokens.For("anna", "read", secret: pem));

        (await anna.GetAsync("/operations")).ShouldBe(200);
        (await forger.GetAsync("/operations")).ShouldBe(401);
    }

    [Fact]
    public async Task Token_OfAnOpenIdConnectAuthority_IsJudgedByItsPublishedKeys()
    {
        using var rsa = RSA.Create(2048);
        await using Authority authority = await Authority.StartAsync(rsa);
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Security:Jwt:Authority"] = authority.Address, ["Security:Jwt:Audience"] = "realtimeops" });
        using GatewayClient good = server.ClientWith(authority.Token("realtimeops", authority.Address));
        using GatewayClient forOthers = server.ClientWith(authority.Token("elsewhere", authority.Address));
        using GatewayClient ofOthers = server.ClientWith(authority.Token("realtimeops", "https://issuer.example"));

        (await good.GetAsync("/operations")).ShouldBe(200);
        (await forOthers.GetAsync("/operations")).ShouldBe(401);
        (await ofOthers.GetAsync("/operations")).ShouldBe(401);
    }

    [Fact]
    public async Task Token_WhoseIssuerCannotBeReached_IsNotJudged()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new(new Keys().With("anna", "read").Settings()) { ["Security:Jwt:Authority"] = "http://127.0.0.1:1", ["Security:Jwt:Audience"] = "realtimeops" });
        using GatewayClient bob = server.ClientWith(Tokens.For("bob", "read"));
        using GatewayClient anna = server.ClientWith(Keys.Of("anna"));

        (await bob.GetAsync("/operations")).ShouldBeProblem(503, "issuer-unavailable")["Retry-After"].ShouldNotBeNull();
        (await anna.GetAsync("/operations")).ShouldBe(200);
    }
}
