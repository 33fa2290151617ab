using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Security;

/// <summary>What pages of other sites may make a browser do here, on an open server as on a closed one.</summary>
public sealed class OriginTests
{
    private const string Evil = "https://evil.example";
    private const string Friend = "https://app.example.com";

    [Theory]
    [InlineData(null, null, 202)]
    [InlineData(Evil, null, 403)]
    [InlineData("null", null, 403)]
    [InlineData(Evil, "cross-site", 403)]
    [InlineData(null, "cross-site", 403)]
    [InlineData(null, "same-site", 403)]
    [InlineData(null, "same-origin", 202)]
    [InlineData(null, "none", 202)]
    [InlineData(Friend, "cross-site", 202)]
    [InlineData(Friend, null, 202)]
    public async Task Submit_ByAPage_OnlyOwnAndAllowedOnesMay(string? origin, string? site, int code)
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Cors:Origins:0"] = Friend });

        Answer answer = await server.Client.PostAsync("/operations/demo.steps", Inputs.Quick, Headers(origin, site));

        answer.ShouldBe(code);
        if (code == 403)
        {
            answer.ShouldBeProblem(403, "foreign-origin");
        }
    }

    [Fact]
    public async Task Submit_ByAPageOfTheServerItself_IsAccepted()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();

        (await server.Client.PostAsync("/operations/demo.steps", Inputs.Quick, Headers(server.Client.Address.GetLeftPart(UriPartial.Authority), null))).ShouldBe(202);
    }

    [Theory]
    [InlineData("POST", "/operations/demo.steps/any/cancel")]
    [InlineData("POST", "/deliveries/redeliver")]
    [InlineData("POST", "/session")]
    [InlineData("DELETE", "/session")]
    [InlineData("GET", "/mailboxes/any")]
    [InlineData("POST", "/hangfire/jobs/actions/delete/1")]
    public async Task Request_ThatDoesSomething_ByAForeignPage_IsRefused(string method, string path)
    {
        await using GatewayServer server = await GatewayServer.StartAsync();

        (await server.Client.SendAsync(new HttpMethod(method), path, null, Headers(null, "cross-site"))).ShouldBeProblem(403, "foreign-origin");
    }

    [Theory]
    [InlineData("evil.example", 403)]
    [InlineData("evil.example:80", 403)]
    [InlineData("169.254.1.1", 403)]
    [InlineData("localhost.evil.example", 403)]
    [InlineData("localhost", 200)]
    [InlineData("localhost:5080", 200)]
    [InlineData("127.0.0.1:1234", 200)]
    [InlineData("[::1]:5080", 200)]
    public async Task Request_UnderAnotherName_IsAnsweredByAnOpenServerOnlyAsThisMachine(string host, int code)
    {
        await using GatewayServer server = await GatewayServer.StartAsync();

        (await server.Client.GetAsync("/operations", ("Host", host))).ShouldBe(code);
    }

    [Theory]
    [InlineData("PublicUrl", "http://ops.example.com/", 200)]
    [InlineData("PublicUrl", "http://other.example.com/", 403)]
    [InlineData("Proxies:Trusted:0", "127.0.0.0/8", 200)]
    [InlineData("AllowedHosts", "*", 200)]
    [InlineData("Security:ApiKeys:0:Name", "anna", 401)]
    public async Task Request_UnderANameThatSomebodyVouchesFor_IsAnswered(string setting, string value, int code)
    {
        Dictionary<string, string?> settings = setting.StartsWith("Security", StringComparison.Ordinal) ? new Keys().With("anna", "read").Settings() : new() { [setting] = value };
        await using GatewayServer server = await GatewayServer.StartAsync(settings);

        (await server.Client.GetAsync("/operations", ("Host", "ops.example.com"))).ShouldBe(code);
    }

    [Fact]
    public async Task Answers_All_HaveTheHeadersThatKeepBrowsersCareful()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Quick)).Uri;

        foreach (string path in (string[])[uri, uri + "/input", "/operations", "/operations/demo.steps/nowhere", "/operation-types", "/health/live"])
        {
            Answer answer = await server.Client.GetAsync(path);
            answer["X-Content-Type-Options"].ShouldBe("nosniff", path);
            answer["Content-Security-Policy"]!.ShouldContain("default-src 'none'", customMessage: path);
            answer["Referrer-Policy"].ShouldBe("no-referrer", path);
            answer["Server"].ShouldBeNull(path);
            answer["X-Powered-By"].ShouldBeNull(path);
        }
    }

    private static (string, string)[] Headers(string? origin, string? site) =>
        [.. origin is null ? [] : new[] { ("Origin", origin) }, .. site is null ? [] : new[] { ("Sec-Fetch-Site", site) }];
}
