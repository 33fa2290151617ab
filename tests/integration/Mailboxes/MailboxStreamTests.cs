using System.Net.ServerSentEvents;
using System.Text.Json;
using RealtimeOps.IntegrationTests.Webhooks;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Mailboxes;

/// <summary>A mailbox as server-sent events.</summary>
public sealed class MailboxStreamTests
{
    [Fact]
    public async Task Stream_BeforeAnything_BringsEachMessageAsItComes()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        await using EventStream stream = await server.Client.WatchAsync("/mailboxes/orders");

        foreach (int _ in Enumerable.Range(0, 3))
        {
            string final = await server.Client.RunIntoAsync("orders");
            SseItem<string> item = (await stream.NextAsync())!.Value;

            JsonElement message = JsonDocument.Parse(item.Data).RootElement;
            item.EventType.ShouldBe("message");
            stream.LastEventId.ShouldBe(message.Text("id"));
            message.Text("body").ShouldBe(final);
            message.AsReceived().Signatures.ShouldBe([message.AsReceived().SignatureBy(WebhookServer.Secret)]);
        }

        stream.ReconnectionInterval.ShouldBe(TimeSpan.FromSeconds(2));
        stream.Response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        stream.Response.Headers.CacheControl!.NoTransform.ShouldBeTrue();
        stream.Response.Headers.GetValues("X-Accel-Buffering").ShouldBe(["no"]);
        stream.Response.Content.Headers.ContentEncoding.ShouldBe(["identity"]);
        (await server.Client.ReadAsync("orders")).ShouldBeEmpty("What was sent on a stream counts as read.");
        (await server.Client.PendingAsync("orders")).ShouldBe(3);
    }

    [Fact]
    public async Task Stream_NotAcknowledged_BringsItAgain()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        await server.Client.RunIntoAsync("orders");
        await using EventStream stream = await server.Client.WatchAsync("/mailboxes/orders?visibility=1");

        string first = (await NextAsync(stream)).Text("id")!;
        string again = (await NextAsync(stream)).Text("id")!;

        again.ShouldBe(first);
    }

    [Fact]
    public async Task Stream_FullOfUnacknowledged_GoesOnWhenOneIsAcknowledged()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        foreach (int _ in Enumerable.Range(0, 4))
        {
            await server.Client.RunIntoAsync("orders");
        }

        await using EventStream stream = await server.Client.WatchAsync("/mailboxes/orders?pageSize=2");
        string first = (await NextAsync(stream)).Text("id")!;
        string second = (await NextAsync(stream)).Text("id")!;
        string third = (await server.Client.ReadAsync("orders", "?pageSize=1")).Ids().ShouldHaveSingleItem("The rest is for others.");
        (await server.Client.DeleteAsync($"/mailboxes/orders/{first}")).ShouldBe(204);

        (await NextAsync(stream)).Text("id").ShouldNotBeOneOf(first, second, third);
    }

    [Fact]
    public async Task Stream_ServerStops_EndsOnAWholeEvent()
    {
        await using GatewayServer server = await WebhookServer.StartAsync(new() { ["Streams:Drain"] = "00:00:00.2" });
        await server.Client.RunIntoAsync("orders");
        await using EventStream stream = await server.Client.WatchAsync("/mailboxes/orders");
        Task<Answer> held = server.Client.GetAsync("/mailboxes/orders", ("Prefer", "wait=60"));
        await NextAsync(stream);

        Task stopped = server.StopAsync();

        (await stream.NextAsync()).ShouldBeNull();
        await stopped.Limited();
        await Task.WhenAny(held).Limited();
    }

    private static async Task<JsonElement> NextAsync(EventStream stream) => JsonDocument.Parse((await stream.NextAsync())!.Value.Data).RootElement;
}
