using System.Text.Json;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Hosting;

public sealed class ProxyAndCorsTests
{
    private const string Origin = "https://app.example.com";

    private static readonly (string, string)[] Forwarded =
        [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "ops.example.com"), ("X-Forwarded-Prefix", "/gateway")];

    [Fact]
    public async Task Submit_ForwardedByATrustedProxy_HasThePublicUri()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Proxies:Trusted:0"] = "127.0.0.0/8" });

        Answer answer = await server.Client.PostAsync("/operations/demo.steps", Inputs.Quick, Forwarded);

        answer.Uri.ShouldStartWith("https://ops.example.com/gateway/operations/demo.steps/");
        answer["Location"].ShouldBe(answer.Uri);
        answer["Link"]!.ShouldContain(answer.Uri + "/history");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("10.0.0.0/8")]
    public async Task Submit_ForwardedBySomebodyElse_IsNotBelieved(string? trusted)
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Proxies:Trusted:0"] = trusted ?? "192.0.2.0/24" });

        Answer answer = await server.Client.PostAsync("/operations/demo.steps", Inputs.Quick, Forwarded);

        answer.Uri.ShouldStartWith(server.Client.Address.AbsoluteUri);
    }

    [Fact]
    public async Task Submit_NoProxyTrusted_ForwardedHeadersAreIgnored()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();

        (await server.Client.PostAsync("/operations/demo.steps", Inputs.Quick, Forwarded)).Uri.ShouldStartWith(server.Client.Address.AbsoluteUri);
    }

    [Fact]
    public async Task Status_BaseOfTheSubmittingRequest_IsShownToEverybodyElse()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Proxies:Trusted:0"] = "127.0.0.0/8" });
        Answer submitted = await server.Client.PostAsync("/operations/demo.steps", Inputs.Quick, Forwarded);

        JsonElement end = await server.Client.WaitForEndAsync("/operations/demo.steps/" + submitted.Json.Text("id"));

        end.Text("uri").ShouldBe(submitted.Uri);
    }

    [Fact]
    public async Task Submit_PublicUrl_IsTheBaseOfEveryUri()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["PublicUrl"] = "https://ops.example.com/base/" });

        Answer answer = await server.Client.PostAsync("/operations/demo.steps", new { steps = 1, stepMs = 0, result = 1 }, ("Prefer", "wait=10"));

        answer.Uri.ShouldStartWith("https://ops.example.com/base/operations/demo.steps/");
        answer.Json.Text("result").ShouldBe(answer.Uri + "/result");
    }

    [Fact]
    public async Task Poll_ForwardedFor_SeparatesThePollers()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Proxies:Trusted:0"] = "127.0.0.0/8", ["Polling:Allowance"] = "1", ["Polling:Window"] = "01:00:00" });
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Endless)).Uri;

        (await server.Client.GetAsync(uri, ("X-Forwarded-For", "203.0.113.1"))).ShouldBe(202);
        (await server.Client.GetAsync(uri, ("X-Forwarded-For", "203.0.113.1"))).ShouldBe(429);
        (await server.Client.GetAsync(uri, ("X-Forwarded-For", "203.0.113.2"))).ShouldBe(202);
    }

    [Fact]
    public async Task Cors_AllowedOrigin_MayReadTheHeadersThatMatter()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Cors:Origins:0"] = Origin });

        Answer answer = await server.Client.PostAsync("/operations/demo.steps", Inputs.Quick, ("Origin", Origin));

        answer["Access-Control-Allow-Origin"].ShouldBe(Origin);
        string[] exposed = answer["Access-Control-Expose-Headers"]!.Split(',', StringSplitOptions.TrimEntries);
        exposed.ShouldBeSubsetOf(["Location", "Operation-Location", "Retry-After", "ETag", "Link", "RateLimit", "RateLimit-Policy", "Preference-Applied"]);
        foreach (string header in (string[])["Location", "Retry-After", "ETag", "Link", "RateLimit", "RateLimit-Policy", "Preference-Applied"])
        {
            exposed.ShouldContain(header);
        }
    }

    [Fact]
    public async Task Cors_Problems_CanBeReadToo()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Cors:Origins:0"] = Origin });

        (await server.Client.PostAsync("/operations/demo.steps", "{}", ("Origin", Origin))).ShouldBeProblem(400)["Access-Control-Allow-Origin"].ShouldBe(Origin);
        (await server.Client.GetAsync("/operations/demo.steps/nowhere", ("Origin", Origin))).ShouldBeProblem(404)["Access-Control-Allow-Origin"].ShouldBe(Origin);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task Cors_Preflight_AllowsWhatTheApiTakes(string method)
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Cors:Origins:0"] = Origin });

        Answer answer = await server.Client.SendAsync(
            HttpMethod.Options, "/operations/demo.steps/x", null,
            ("Origin", Origin), ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", "prefer,idempotency-key,content-type,if-none-match,last-event-id"));

        answer.Code.ShouldBe(204);
        answer["Access-Control-Allow-Methods"]!.ShouldContain(method);
        answer["Access-Control-Allow-Headers"]!.ShouldContain("prefer");
    }

    [Fact]
    public async Task Cors_OtherOrigins_AreToldNothing()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Cors:Origins:0"] = Origin });

        (await server.Client.GetAsync("/operations", ("Origin", "https://evil.example"))).ShouldBe(200)["Access-Control-Allow-Origin"].ShouldBeNull();
    }
}
