using System.Collections.Concurrent;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace RealtimeOps.TestSupport.Promises;

/// <summary>Reads afterwards whether every promise was kept, of every operation that was answered 202.</summary>
/// <param name="client">Who asks.</param>
/// <param name="ledger">What all watchers were told.</param>
/// <param name="receiver">What the callbacks reached.</param>
/// <param name="nodes">Who asks each node, where they can be told apart.</param>
public sealed class Checker(IPersistentClient client, Ledger ledger, WebhookReceiver receiver, params IReadOnlyList<IPersistentClient> nodes)
{
    private const int AtOnce = 8;

    private readonly ConcurrentDictionary<string, string> _messages = new();

    /// <param name="orders">The status path of each.</param>
    public async Task CheckAsync(IReadOnlyDictionary<string, Order> orders)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(orders, parallel, async (order, _) => await CheckAsync(order.Key, order.Value));
        await CheckListAsync(orders);
        receiver.All.Select(message => message.Id).Distinct().ShouldBe(_messages.Keys, ignoreOrder: true);
    }

    private async Task CheckAsync(string path, Order order)
    {
        await new Watcher(client, ledger, path).WatchAsync(Way.LongPoll);
        JsonElement end = await EndAtAsync(client, path);
        ledger.EndOf(path).ShouldBe(end.GetRawText());
        foreach (IPersistentClient node in nodes)
        {
            (await EndAtAsync(node, path)).GetRawText().ShouldBe(end.GetRawText());
        }

        end.Text("state").ShouldBeOneOf(order.Ends, end.GetRawText());
        end.Instant("createdAt")!.Value.ShouldBeLessThanOrEqualTo(end.Instant("endedAt")!.Value, end.GetRawText());
        await CheckHistoryAsync(path);
        if (order.IsCalledBack)
        {
            await CheckMessageAsync(path, end);
        }
    }

    /// <summary>Every node comes to know it; the one that ran it may be the last, when the database crashed before it had answered: it asks then whether its write was made.</summary>
    private static async Task<JsonElement> EndAtAsync(IPersistentClient door, string path)
    {
        long start = TimeProvider.System.GetTimestamp();
        Answer answer;
        while ((answer = await door.AskAsync(client => client.GetAsync(path, ("Prefer", "wait=5")))).Code == 202)
        {
            TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(Limits.Limit, answer.Text);
        }

        return answer.ShouldBe(200).Json;
    }

    /// <summary>It ended once; each attempt began once and not before the last one was over; and time did not run backwards.</summary>
    private async Task CheckHistoryAsync(string path)
    {
        Answer history = (await client.AskAsync(door => door.GetAsync(path + "/history"))).ShouldBe(200);
        JsonElement[] events = [.. history.Json.GetProperty("events").EnumerateArray()];
        events.Count(happened => happened.Text("event") == "accepted").ShouldBe(1, history.Text);
        events.Count(happened => happened.Text("event") == "ended").ShouldBe(1, history.Text);
        long[] begun = [.. events.Where(happened => happened.Text("event") == "started").Select(happened => happened.Number("attempt")!.Value)];
        begun.ShouldBe([.. begun.Distinct().Order()], history.Text);
        events.Where(happened => happened.Text("event") is "accepted" or "started" or "ended").Select(happened => happened.Instant("at")!.Value).ShouldBeInOrder(SortDirection.Ascending, history.Text);
    }

    /// <summary>One message, however often it was sent: the final Status, under one id.</summary>
    private async Task CheckMessageAsync(string path, JsonElement end)
    {
        JsonElement delivery = await DeliveredAsync(path);
        Received[] messages = [.. receiver.All.Where(message => message.Json.Text("uri") == end.Text("uri"))];
        messages.ShouldNotBeEmpty(path);
        messages.ShouldAllBe(message => message.Id == delivery.Text("id") && message.Text == end.GetRawText());
        _messages.TryAdd(delivery.Text("id")!, path).ShouldBeTrue(delivery.GetRawText());
    }

    private async Task<JsonElement> DeliveredAsync(string path)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Answer answer = (await client.AskAsync(door => door.GetAsync(path + "/deliveries"))).ShouldBe(200);
            JsonElement delivery = answer.Json.GetProperty("deliveries").EnumerateArray().ShouldHaveSingleItem(answer.Text);
            if (delivery.Text("state") == "delivered")
            {
                return delivery;
            }

            delivery.Text("state").ShouldBe("pending", answer.Text);
            TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(Limits.Limit, answer.Text);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Whatever was repeated: there is one operation for each order, and no other.</summary>
    private async Task CheckListAsync(IReadOnlyDictionary<string, Order> orders)
    {
        var listed = new List<string>();
        string token = "";
        do
        {
            Answer page = (await client.AskAsync(door => door.GetAsync("/operations/demo.steps?pageSize=200" + token))).ShouldBe(200);
            listed.AddRange(page.Json.GetProperty("operations").EnumerateArray().Select(operation => new Uri(operation.Text("uri")!).AbsolutePath));
            token = page.Json.Text("nextPageToken") is { } next ? "&pageToken=" + Uri.EscapeDataString(next) : "";
        }
        while (token.Length > 0);
        listed.ShouldBe(orders.Keys, ignoreOrder: true);
    }
}
