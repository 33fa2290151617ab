using System.Text.Json;
using RealtimeOps.Execution;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Webhooks;

/// <summary>Subscriptions to every change.</summary>
public sealed class SubscriptionChangesTests : IAsyncLifetime
{
    private WebhookReceiver? _receiver;

    private WebhookReceiver Receiver => _receiver ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync() => _receiver = await WebhookReceiver.StartAsync();

    public ValueTask DisposeAsync() => Receiver.DisposeAsync();

    [Fact]
    public async Task Changes_ToldAtMostOnceASecond_NewestAndTheEnd()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        await Receiver.SubscribeAsync(server, "/changes", new { events = "changes" });

        JsonElement final = await server.Client.RunAsync(Inputs.Demo, new { steps = 300, stepMs = 10 });

        var messages = new List<Received>();
        do
        {
            messages.Add(await Receiver.NextAsync());
        }
        while (messages[^1].Json.Number("progress") != 100);
        TimeSpan took = messages[^1].At - final.Instant("createdAt")!.Value;
        messages.Count.ShouldBeInRange(3, (int)took.TotalSeconds + 3);
        messages.Select(message => message.Id).Distinct().Count().ShouldBe(messages.Count);
        messages.Select(message => message.Json.Number("version")!.Value).ShouldBeInOrder();
        messages[^1].Text.ShouldBe((await server.Client.GetAsync(final.Text("uri")!)).Text);
    }

    [Fact]
    public async Task Changes_WhilePaused_OnlyTheNewestIsKept()
    {
        var goOn = new Signal();
        await using GatewayServer server = await WebhookServer.StartAsync(script: async (_, context, cancellation) =>
        {
            context.Report(10.0, "before");
            await goOn.WaitAsync(cancellation);
            context.Report(50.0, "after");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return OperationResult.None;
        });
        string uri = await Receiver.SubscribeAsync(server, "/changes", new { events = "changes", types = new[] { Inputs.Script } });
        await server.Client.PostAsync(uri + "/pause");
        string operation = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        await server.Client.WaitForDeliveriesAsync(uri + "/deliveries", all => all.Length == 1);
        string first = (await server.Client.GetAsync(uri + "/deliveries")).Json.GetProperty("deliveries")[0].Text("id")!;

        goOn.Set();
        DateTimeOffset after = (await server.Client.WaitAsync(operation, status => status.Text("activity") == "after")).Instant("updatedAt")!.Value;
        await server.Client.WaitForDeliveriesAsync(uri + "/deliveries", all => all.Length == 1 && all[0].Text("id") != first && all[0].Instant("createdAt") >= after);
        await server.Client.PostAsync(uri + "/resume");

        (await Receiver.NextAsync()).Json.Text("activity").ShouldBe("after");
        Receiver.All.Count.ShouldBe(1);
    }
}
