using RealtimeOps.IntegrationTests.Security;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Refusals;

/// <summary>How many requests are held open, of a caller and in all.</summary>
public sealed class StreamLimitTests
{
    private const string Stream = "text/event-stream";

    [Fact]
    public async Task Streams_BeyondThoseOfACaller_Are429InEveryWay_UntilOneEnds()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Limits:StreamsPerCaller"] = "2" });
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Endless)).Uri;
        await using EventStream first = await server.Client.WatchAsync(uri);
        EventStream second = await server.Client.WatchAsync("/operations");

        foreach ((string path, string name, string value) in new[] { (uri, "Accept", Stream), ("/operations", "Accept", Stream), (uri, "Accept", "application/jsonl"), (uri, "Prefer", "wait=5") })
        {
            Answer refused = (await server.Client.GetAsync(path, (name, value))).ShouldBeProblem(429, "too-many-streams");
            refused["Retry-After"].ShouldBe("5");
            refused.Json.Number("limit").ShouldBe(2);
        }

        using HubClient hub = await HubClient.ConnectAsync(server.Client.Address);
        await hub.StreamAsync("Watch", uri, null);
        (await Should.ThrowAsync<InvalidOperationException>(hub.NextItemAsync)).Message.ShouldContain("HubException: urn:realtimeops:too-many-streams: ");
        (await server.Client.GetAsync(uri)).ShouldBe(202);

        await second.DisposeAsync();
        await OpensAsync(server.Client, uri);
    }

    [Fact]
    public async Task Submission_ThatWouldBeAStreamTooMany_AcceptsNothing_AndAWaitIsNotHeld()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Limits:StreamsPerCaller"] = "1" });
        await using EventStream feed = await server.Client.WatchAsync("/operations");

        (await server.Client.PutAsync("/operations/demo.steps/none", Inputs.Endless, ("Accept", Stream))).ShouldBeProblem(429, "too-many-streams");
        (await server.Client.GetAsync("/operations/demo.steps/none")).ShouldBe(404);
        Answer answer = (await server.Client.PutAsync("/operations/demo.steps/one", Inputs.Endless, ("Prefer", "wait=60"))).ShouldBe(202);
        answer["Preference-Applied"].ShouldBeNull();
        (await server.Client.PutAsync("/operations/demo.steps/one", Inputs.Endless, ("Accept", Stream))).ShouldBe(202)["Content-Type"]!.ShouldContain("json");
    }

    [Fact]
    public async Task Streams_BeyondThoseOfTheNode_Are503ForEverybody()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new Keys().With("a", "read").With("b", "read").And("Limits:Streams", "1").Settings());
        using GatewayClient a = server.ClientWith(Keys.Of("a"));
        using GatewayClient b = server.ClientWith(Keys.Of("b"));
        await using EventStream feed = await a.WatchAsync("/operations");

        (await b.GetAsync("/operations", ("Accept", Stream))).ShouldBeProblem(503, "too-many-streams")["Retry-After"].ShouldBe("5");
    }

    [Fact]
    public async Task Streams_OfOneCaller_LeaveAnotherItsOwn()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new Keys().With("a", "read").With("b", "read").And("Limits:StreamsPerCaller", "1").Settings());
        using GatewayClient a = server.ClientWith(Keys.Of("a"));
        using GatewayClient b = server.ClientWith(Keys.Of("b"));
        await using EventStream feed = await a.WatchAsync("/operations");

        (await a.GetAsync("/operations", ("Accept", Stream))).ShouldBe(429);
        await using EventStream other = await b.WatchAsync("/operations");
        (await other.NextAsync()).ShouldNotBeNull();
    }

    /// <summary>The server learns a moment later that a client has left: .NET's reads on for two seconds first.</summary>
    private static async Task OpensAsync(GatewayClient client, string uri)
    {
        using var limit = new CancellationTokenSource(Limits.Limit);
        while (true)
        {
            using HttpResponseMessage response = await client.OpenAsync(HttpMethod.Get, uri, null, ("Accept", Stream));
            if (response.IsSuccessStatusCode)
            {
                return;
            }

            limit.Token.ThrowIfCancellationRequested();
        }
    }
}
