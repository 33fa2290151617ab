using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Security;

/// <summary>What answers say about the way that they came.</summary>
public sealed class TransportTests
{
    private static readonly (string, string)[] ByProxy = [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "ops.example.com")];

    [Theory]
    [InlineData("/operations", 200)]
    [InlineData("/operations/demo.steps/nowhere", 404)]
    [InlineData("/no-such-page", 404)]
    [InlineData("/health/live", 200)]
    public async Task Answers_ThroughTlsAtATrustedProxy_TellBrowsersToStayThere(string path, int code)
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Proxies:Trusted:0"] = "127.0.0.0/8" });

        (await server.Client.GetAsync(path, ByProxy)).ShouldBe(code)["Strict-Transport-Security"].ShouldBe("max-age=2592000");
    }

    [Fact]
    public async Task Answers_WithoutTlsOrOfThisMachineOrSwitchedOff_TellNothing()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Proxies:Trusted:0"] = "127.0.0.0/8" });
        (await server.Client.GetAsync("/operations"))["Strict-Transport-Security"].ShouldBeNull();
        (await server.Client.GetAsync("/operations", ("X-Forwarded-Proto", "http"), ("X-Forwarded-Host", "ops.example.com")))["Strict-Transport-Security"].ShouldBeNull();
        (await server.Client.GetAsync("/operations", ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "localhost")))["Strict-Transport-Security"].ShouldBeNull();
        await using GatewayServer off = await GatewayServer.StartAsync(new() { ["Proxies:Trusted:0"] = "127.0.0.0/8", ["Security:HstsMaxAge"] = "0" });
        (await off.Client.GetAsync("/operations", ByProxy)).ShouldBe(200)["Strict-Transport-Security"].ShouldBeNull();
        await using GatewayServer untrusting = await GatewayServer.StartAsync();
        (await untrusting.Client.GetAsync("/operations", ByProxy))["Strict-Transport-Security"].ShouldBeNull();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/no-such-page")]
    [InlineData("/hangfire")]
    [InlineData("/operations")]
    public async Task Answers_OfTheReadyMadeServer_HaveCarefulHeadersAndNoBanner(string path)
    {
        using var folder = new TemporaryFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Path);

        Answer answer = await server.Client.GetAsync(path);

        answer["X-Content-Type-Options"].ShouldBe("nosniff");
        answer["Referrer-Policy"].ShouldBe("no-referrer");
        answer["Content-Security-Policy"]!.ShouldContain("frame-ancestors 'none'");
        answer["Server"].ShouldBeNull();
        await server.StopAsync();
    }

    [Fact]
    public async Task Any_NameThatIsNotAllowed_Is400WithoutAWord()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["AllowedHosts"] = "ops.example.com" });

        (await server.Client.GetAsync("/operations", ("Host", "ops.example.com"))).ShouldBe(200);
        Answer refused = (await server.Client.GetAsync("/operations", ("Host", "elsewhere.example.com"))).ShouldBe(400);
        refused.Text.ShouldBeEmpty();
        refused["Server"].ShouldBeNull();
    }
}
