using System.Collections.Concurrent;
using System.Text.Json;
using RealtimeOps.IntegrationTests.Webhooks;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Mailboxes;

/// <summary>Several consumers of one mailbox: each message is the work of one.</summary>
public sealed class MailboxSharingTests
{
    private const int Messages = 300;

    [Fact]
    public async Task Consumers_Several_GetEachMessageOnce()
    {
        await using GatewayServer server = await WebhookServer.StartAsync(new() { ["Streams:Drain"] = "00:00:00.2" });
        var seen = new ConcurrentBag<(int Consumer, string Id)>();
        var done = new Signal();
        int acknowledged = 0;

        Task[] pollers = [PollAsync(0), PollAsync(1)];
        Task[] watchers = [WatchAsync(2), WatchAsync(3)];
        await Parallel.ForAsync(0, Messages, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken }, async (_, _) =>
            await server.Client.SubmitAsync(Inputs.Demo, new { steps = 1, stepMs = 0, webhook = "mailbox:shared" }));
        await done.ReachedAsync();
        await Task.WhenAll(pollers).Limited();

        seen.Select(one => one.Id).Distinct().Count().ShouldBe(Messages);
        seen.Count.ShouldBe(Messages, "None was given to two.");
        seen.Select(one => one.Consumer).Distinct().Count().ShouldBeGreaterThan(1, "The work was shared.");
        (await server.Client.PendingAsync("shared")).ShouldBe(0);
        (await server.Client.GetAsync("/deliveries?state=pending")).Json.GetProperty("deliveries").GetArrayLength().ShouldBe(0);
        await server.StopAsync();
        await Task.WhenAll(watchers).Limited();

        async Task PollAsync(int number)
        {
            while (!done.IsSet)
            {
                foreach (JsonElement message in await server.Client.ReadAsync("shared", "?pageSize=7", ("Prefer", "wait=1")))
                {
                    await TakeAsync(number, message);
                }
            }
        }

        async Task WatchAsync(int number)
        {
            await using EventStream stream = await server.Client.WatchAsync("/mailboxes/shared?pageSize=5");
            while (await stream.NextAsync() is { } item)
            {
                if (item.EventType == "message")
                {
                    await TakeAsync(number, JsonDocument.Parse(item.Data).RootElement);
                }
            }
        }

        async Task TakeAsync(int number, JsonElement message)
        {
            seen.Add((number, message.Text("id")!));
            (await server.Client.DeleteAsync($"/mailboxes/shared/{message.Text("id")}")).ShouldBe(204);
            if (Interlocked.Increment(ref acknowledged) >= Messages)
            {
                done.Set();
            }
        }
    }

    [Fact]
    public async Task Consumer_Dies_AnotherGetsWhatItHad()
    {
        var time = new ShiftedTime();
        await using GatewayServer server = await WebhookServer.StartAsync(time: time);
        await server.Client.RunIntoAsync("shared");
        await server.Client.RunIntoAsync("shared");

        string[] ofTheDead = (await server.Client.ReadAsync("shared", "?pageSize=1")).Ids();
        string[] others = (await server.Client.ReadAsync("shared", "?visibility=600")).Ids();
        time.Advance(TimeSpan.FromSeconds(31));
        string[] again = (await server.Client.ReadAsync("shared")).Ids();

        others.ShouldHaveSingleItem().ShouldNotBe(ofTheDead.Single());
        again.ShouldBe(ofTheDead);
    }
}
