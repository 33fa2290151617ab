using RealtimeOps.Execution;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Waiting;

public sealed class PacingTests
{
    private static readonly Dictionary<string, string?> ThreeInAnHour = new() { ["Polling:Allowance"] = "3", ["Polling:Window"] = "01:00:00" };

    [Fact]
    public async Task Get_WithinTheAllowance_IsToldWhatIsLeft()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Endless)).Uri;

        Answer first = (await server.Client.GetAsync(uri)).ShouldBe(202);
        Answer second = (await server.Client.GetAsync(uri)).ShouldBe(202);

        first["RateLimit-Policy"]!.ShouldMatch("^\"[a-z]+\";q=30;w=30$");
        first["RateLimit"]!.ShouldMatch("^\"[a-z]+\";r=29;t=(2[0-9]|30)$");
        second["RateLimit"]!.ShouldMatch("^\"[a-z]+\";r=28;t=(2[0-9]|30)$");
    }

    [Fact]
    public async Task Get_PastTheAllowance_Is429TwiceInARowAtMost()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(ThreeInAnHour);
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Endless)).Uri;

        var codes = new List<int>();
        for (int i = 0; i < 12; i++)
        {
            codes.Add((await server.Client.GetAsync(uri)).Code);
        }

        codes.ShouldBe([202, 202, 202, 429, 429, 202, 429, 429, 202, 429, 429, 202]);
    }

    [Fact]
    public async Task Get_Refused_SaysHowEarlyItWasAndWhenToComeBack()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(ThreeInAnHour);
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Endless)).Uri;
        for (int i = 0; i < 3; i++)
        {
            await server.Client.GetAsync(uri);
        }

        Answer refused = (await server.Client.GetAsync(uri)).ShouldBeProblem(429);

        int.Parse(refused["Retry-After"]!).ShouldBeInRange(1, 3600);
        refused["RateLimit"]!.ShouldContain("r=0");
        refused.Json.Text("detail")!.ShouldContain("early");
    }

    [Fact]
    public async Task Get_OfAnotherOperation_HasAnAllowanceOfItsOwn()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Polling:Allowance"] = "1" });
        string one = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Endless)).Uri;
        string two = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Endless)).Uri;

        (await server.Client.GetAsync(one)).ShouldBe(202);
        (await server.Client.GetAsync(one)).ShouldBe(429);
        (await server.Client.GetAsync(two)).ShouldBe(202);
    }

    [Fact]
    public async Task Get_FirstAfterTheEnd_IsNeverRefused()
    {
        var end = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Polling:Allowance"] = "1" }, async (_, _, cancellation) =>
        {
            await end.WaitAsync(cancellation);
            return OperationResult.None;
        });
        string uri = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        (await server.Client.GetAsync(uri)).ShouldBe(202);
        (await server.Client.GetAsync(uri)).ShouldBe(429);
        end.Set();
        await server.Client.WaitForEndAsync(uri);

        (await server.Client.GetAsync(uri)).ShouldBe(200);
        (await server.Client.GetAsync(uri)).ShouldBe(429);
    }

    [Theory]
    [InlineData("allowance")]
    [InlineData("strict")]
    public async Task Get_LongPollsStreamsAndOtherResources_AreNeverRefused(string mode)
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Polling:Allowance"] = "1", ["Polling:Mode"] = mode });
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Endless)).Uri;
        await server.Client.GetAsync(uri);
        await server.Client.WaitForStateAsync(uri, "running");

        for (int i = 0; i < 4; i++)
        {
            (await server.Client.GetAsync(uri, ("Prefer", "wait=5"), ("If-None-Match", "W/\"1\""))).ShouldBe(202);
            (await server.Client.GetAsync(uri + "/history")).ShouldBe(200);
            await using EventStream stream = await server.Client.WatchAsync(uri);
            (await stream.NextStatusAsync()).ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task Get_WaitOfZero_IsAPlainGet()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Polling:Allowance"] = "1" });
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Endless)).Uri;

        (await server.Client.GetAsync(uri, ("Prefer", "wait=0"))).ShouldBe(202);
        (await server.Client.GetAsync(uri, ("Prefer", "wait=0"))).ShouldBe(429);
    }

    [Fact]
    public async Task Get_StrictMode_RefusesBeforeTheTimeSuggested()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Polling:Mode"] = "strict" });
        Answer submitted = await server.Client.SubmitAsync(Inputs.Demo, Inputs.Endless, "?delay=PT1H");
        int.Parse(submitted["Retry-After"]!).ShouldBe(30);

        Answer early = (await server.Client.GetAsync(submitted.Uri)).ShouldBeProblem(429);
        int.Parse(early["Retry-After"]!).ShouldBeInRange(20, 30);
        (await server.Client.GetAsync(submitted.Uri)).ShouldBe(429);
        (await server.Client.GetAsync(submitted.Uri)).ShouldBe(202);
        (await server.Client.GetAsync(submitted.Uri)).ShouldBe(429);
    }

    [Fact]
    public async Task Get_StrictModeAtTheTimeSuggested_IsAnswered()
    {
        var time = new ShiftedTime();
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Polling:Mode"] = "strict" }, time: time);
        Answer submitted = await server.Client.SubmitAsync(Inputs.Demo, Inputs.Endless, "?delay=PT1H");

        time.Advance(TimeSpan.FromSeconds(30));

        (await server.Client.GetAsync(submitted.Uri)).ShouldBe(202);
    }

    [Fact]
    public async Task Get_SuggestMode_IsNeverRefused()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Polling:Mode"] = "suggest", ["Polling:Allowance"] = "1" });
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Endless)).Uri;

        for (int i = 0; i < 10; i++)
        {
            (await server.Client.GetAsync(uri)).ShouldBe(202)["Retry-After"].ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task Get_WindowOver_HasTheWholeAllowanceAgain()
    {
        var time = new ShiftedTime();
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Polling:Allowance"] = "3", ["Polling:Window"] = "00:00:10" }, time: time);
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Endless)).Uri;
        for (int i = 0; i < 4; i++)
        {
            await server.Client.GetAsync(uri);
        }

        time.Advance(TimeSpan.FromSeconds(10));

        for (int i = 0; i < 3; i++)
        {
            (await server.Client.GetAsync(uri)).ShouldBe(202);
        }
    }
}
