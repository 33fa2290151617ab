using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Security;

/// <summary>Signing in and out of the UI.</summary>
public sealed class SessionTests
{
    private readonly ShiftedTime _time = new();

    [Fact]
    public async Task SignIn_WithAKey_GivesACookieThatStandsForIt()
    {
        await using GatewayServer server = await StartAsync();

        Answer answer = await SignInAsync(server);

        answer.Json.Text("name").ShouldBe("anna");
        answer.Json.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()).ShouldBe(["submit", "read"]);
        answer.Json.GetProperty("required").GetBoolean().ShouldBeTrue();
        answer.Json.Text("expiresAt").ShouldNotBeNull();
        string cookie = answer["Set-Cookie"]!;
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
        cookie.ShouldContain("path=/");
        cookie.ShouldNotContain("secure");
        cookie.ShouldNotContain(Keys.Of("anna"));
        cookie.ShouldNotContain(Keys.Sha256(Keys.Of("anna")), Case.Insensitive);
        (await server.Client.GetAsync("/session", Cookie(answer))).ShouldBe(200).Json.Text("name").ShouldBe("anna");
        (await server.Client.PostAsync("/operations/demo.steps", Inputs.Quick, Cookie(answer))).ShouldBe(202);
        (await server.Client.PostAsync("/subscriptions", new { webhook = "mailbox:x" }, Cookie(answer))).ShouldBe(403);
    }

    [Fact]
    public async Task SignIn_OverHttps_TheCookieIsBoundToTheHost()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(Anna.And("Proxies:Trusted:0", "127.0.0.0/8").Settings());

        string cookie = (await server.Client.PostAsync("/session", new { key = Keys.Of("anna") }, ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "ops.example.com")))["Set-Cookie"]!;

        cookie.ShouldStartWith("__Host-");
        cookie.ShouldContain("secure");
    }

    [Theory]
    [InlineData("{\"key\": \"wrong\"}", 401)]
    [InlineData("{\"key\": 5}", 400)]
    [InlineData("{}", 400)]
    [InlineData("nonsense", 400)]
    public async Task SignIn_WithoutAGoodKey_IsRefused(string body, int code)
    {
        await using GatewayServer server = await StartAsync();

        (await server.Client.PostAsync("/session", body)).ShouldBeProblem(code)["Set-Cookie"].ShouldBeNull();
        (await server.Client.SendAsync(HttpMethod.Post, "/session", GatewayClient.Body(body, "text/plain"))).ShouldBeProblem(415);
    }

    [Fact]
    public async Task Session_OfAPageOfAnotherSite_DoesNothing()
    {
        await using GatewayServer server = await StartAsync();
        (string, string) cookie = Cookie(await SignInAsync(server));

        (await server.Client.PostAsync("/operations/demo.steps", Inputs.Quick, cookie, ("Origin", "https://evil.example"))).ShouldBeProblem(403, "foreign-origin");
        (await server.Client.PostAsync("/operations/demo.steps", Inputs.Quick, cookie, ("Sec-Fetch-Site", "same-site"))).ShouldBeProblem(403, "foreign-origin");
        (await server.Client.PostAsync("/operations/demo.steps", Inputs.Quick, cookie, ("Sec-Fetch-Site", "same-origin"))).ShouldBe(202);
    }

    [Fact]
    public async Task SignOut_EndsTheSessionInEveryTab_AndItsStreams()
    {
        await using GatewayServer server = await StartAsync();
        (string, string) cookie = Cookie(await SignInAsync(server));
        (string, string) other = Cookie(await SignInAsync(server));
        await using EventStream stream = await server.Client.WatchAsync("/operations", cookie);

        Answer answer = await server.Client.SendAsync(HttpMethod.Delete, "/session", null, cookie);

        answer.ShouldBe(204)["Set-Cookie"]!.ShouldContain("expires=Thu, 01 Jan 1970");
        await stream.ToEndAsync();
        (await server.Client.GetAsync("/session", cookie)).ShouldBeProblem(401, "unauthorized");
        (await server.Client.GetAsync("/session", other)).ShouldBe(200);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Session_OfAKeyThatIsRevoked_OrAfterTwelveHours_IsOver(bool isRevoked)
    {
        await using GatewayServer server = await StartAsync();
        (string, string) cookie = Cookie(await SignInAsync(server));
        await using EventStream stream = await server.Client.WatchAsync("/operations", cookie);

        if (isRevoked)
        {
            server.Reconfigure(new Keys().With("anna", "submit read", key: "another").Settings());
        }
        else
        {
            _time.Advance(TimeSpan.FromHours(12));
        }

        await stream.ToEndAsync();
        (await server.Client.GetAsync("/operations", cookie)).ShouldBe(401);
    }

    [Fact]
    public async Task Session_AfterARestart_GoesOn()
    {
        await using GatewayServer server = await StartAsync();
        (string, string) cookie = Cookie(await SignInAsync(server));

        await server.RestartAsync();

        (await server.Client.GetAsync("/session", cookie)).ShouldBe(200);
    }

    [Fact]
    public async Task Session_Forged_IsNone()
    {
        await using GatewayServer server = await StartAsync();
        (string name, string cookie) = Cookie(await SignInAsync(server));

        (await server.Client.GetAsync("/session", (name, cookie.Replace('A', 'B')[..^1] + "_"))).ShouldBe(401);
        (await server.Client.GetAsync("/session", (name, "realtimeops=nonsense"))).ShouldBe(401);
    }

    [Fact]
    public async Task Session_OfAnOpenServer_IsEverybodysAndNeedsNoKey()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();

        Answer answer = (await server.Client.GetAsync("/session")).ShouldBe(200);

        answer.Json.Text("name").ShouldBe("anonymous");
        answer.Json.GetProperty("required").GetBoolean().ShouldBeFalse();
        answer.Json.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()).ShouldBe(["submit", "read", "manage", "admin.read", "admin"]);
        (await server.Client.PostAsync("/session", new { key = "any" })).ShouldBe(200)["Set-Cookie"].ShouldBeNull();
    }

    [Fact]
    public async Task Session_NobodySignedIn_IsToldSo()
    {
        await using GatewayServer server = await StartAsync();

        (await server.Client.GetAsync("/session")).ShouldBeProblem(401, "unauthorized")["WWW-Authenticate"].ShouldNotBeNull();
    }

    private static Keys Anna => new Keys().With("anna", "submit read");

    private Task<GatewayServer> StartAsync() => GatewayServer.StartAsync(Anna.Settings(), time: _time);

    private static async Task<Answer> SignInAsync(GatewayServer server) => (await server.Client.PostAsync("/session", new { key = Keys.Of("anna") })).ShouldBe(200);

    private static (string, string) Cookie(Answer answer) => ("Cookie", answer["Set-Cookie"]!.Split(';')[0]);
}
