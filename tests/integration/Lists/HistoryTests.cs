using System.Text.Json;
using RealtimeOps.Execution;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Lists;

public sealed class HistoryTests
{
    [Fact]
    public async Task History_FailedAndRetried_TellsEveryAttempt()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Operations:demo.steps:RetryDelays:0"] = "00:00:00.05" });
        JsonElement end = await server.Client.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, failTimes = 1 });

        List<JsonElement> events = await EventsAsync(server.Client, end.Text("uri")!);

        events.Where(e => e.Text("event") is not ("contact" or "activity")).Select(e => (e.Text("event"), e.Number("attempt"))).ShouldBe(
            [("accepted", null), ("started", 1), ("attemptFailed", 1), ("started", 2), ("ended", 2)]);
        events.Where(e => e.Text("event") != "contact").Select(e => e.Instant("at")).ShouldBeInOrder();
        events.First(e => e.Text("event") == "attemptFailed").GetRawText().ShouldContain("Attempt 1 failed, as asked.");
    }

    [Fact]
    public async Task History_Activities_AreRecorded()
    {
        var go = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(script: async (_, context, cancellation) =>
        {
            context.Report(10, "Reading the plans");
            await go.WaitAsync(cancellation);
            return OperationResult.None;
        });
        string uri = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;

        // The beat that writes activities comes once a second.
        List<JsonElement> events = [];
        while (!events.Exists(e => e.Text("event") == "activity"))
        {
            await server.Client.GetAsync(uri, ("Prefer", "wait=1"));
            events = await EventsAsync(server.Client, uri);
        }

        go.Set();
        events.First(e => e.Text("event") == "activity").GetRawText().ShouldContain("Reading the plans");
        await server.Client.WaitForEndAsync(uri);
    }

    [Fact]
    public async Task History_Contacts_TellEachWayOfWaiting()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, new { steps = 1, stepMs = 200 })).Uri;
        await server.Client.GetAsync(uri);
        await server.Client.GetAsync(uri);
        await server.Client.GetAsync(uri, ("Prefer", "wait=10"));
        await using EventStream stream = await server.Client.WatchAsync(uri);
        await stream.ToEndAsync();

        List<JsonElement> contacts = [.. (await EventsAsync(server.Client, uri)).Where(e => e.Text("event") == "contact")];

        contacts.Select(contact => (contact.Text("way"), contact.Number("count"))).ShouldBe([("poll", 2), ("longPoll", 1), ("eventStream", 1)], ignoreOrder: true);
        contacts.ShouldAllBe(contact => contact.Instant("firstAt") <= contact.Instant("lastAt"));
    }

    [Fact]
    public async Task History_CancelExpiryAndResubmission_AreRecorded()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Endless)).Uri;
        await server.Client.WaitForStateAsync(uri, "running");
        await server.Client.PostAsync(uri + "/cancel");
        await server.Client.WaitForEndAsync(uri);
        await server.Client.PatchAsync(uri, new { expiresAt = GatewayClient.Text(TimeProvider.System.GetUtcNow().AddHours(1)) });
        (await server.Client.PostAsync(uri + "/resubmit")).ShouldBe(202);

        List<JsonElement> events = await EventsAsync(server.Client, uri);

        events.Where(e => e.Text("event") is not ("contact" or "activity")).Select(e => e.Text("event")).ShouldBe(
            ["accepted", "started", "cancelRequested", "ended", "expiryMoved", "resubmitted"]);
    }

    private static async Task<List<JsonElement>> EventsAsync(GatewayClient client, string uri) =>
        [.. (await client.GetAsync(uri + "/history")).ShouldBe(200).Json.GetProperty("events").EnumerateArray()];
}
