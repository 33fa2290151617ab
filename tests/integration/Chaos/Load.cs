using System.Collections.Concurrent;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.Promises;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Chaos;

/// <summary>Clients that submit all the time, cancel now and then, and have somebody watch.</summary>
internal sealed class Load(IPersistentClient client, Ledger ledger, string receiver)
{
    private const int Submitters = 6;

    private static readonly string[] Success = ["succeeded"];

    private readonly ConcurrentDictionary<string, Order> _orders = new();
    private readonly ConcurrentBag<Task> _watchers = [];
    private int _number;

    /// <summary>What was answered 202, by its status path.</summary>
    public IReadOnlyDictionary<string, Order> Orders => _orders;

    public async Task SubmitAsync(CancellationToken enough)
    {
        await Task.WhenAll(Enumerable.Range(0, Submitters).Select(_ => SubmitOneAfterTheOtherAsync(enough)));
        await Task.WhenAll(_watchers);
    }

    /// <summary>Submits and answers the status path.</summary>
    public async Task<string> SubmitAsync(Order order, IPersistentClient by)
    {
        Answer answer = await by.AskAsync(order.SendAsync);
        answer.Code.ShouldBeOneOf([200, 202], answer.Text);
        string path = new Uri(answer.Uri).AbsolutePath;
        _orders.TryAdd(path, order).ShouldBeTrue(path);
        return path;
    }

    public int NextNumber() => Interlocked.Increment(ref _number);

    private async Task SubmitOneAfterTheOtherAsync(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            Order order = Make(NextNumber());
            string path = await SubmitAsync(order, client);
            if (order.Number % 2 == 0)
            {
                Way way = (order.Number % 3) switch { 0 => Way.Stream, 1 => Way.JsonLines, _ => Way.LongPoll };
                _watchers.Add(new Watcher(client, ledger, path).WatchAsync(way));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(200, 800)), TimeProvider.System, TestContext.Current.CancellationToken);
            if (order.Ends.Contains("canceled"))
            {
                (await client.AskAsync(door => door.PostAsync(path + "/cancel"))).Code.ShouldBeOneOf(202, 409);
            }
        }
    }

    private Order Make(int number)
    {
        (Dictionary<string, object> input, string[] ends) = (number % 10) switch
        {
            0 => (Steps(60, 100), ["canceled", "succeeded"]),
            1 or 2 => (Steps(60, 100, ("result", number)), Success),
            3 => (Steps(20, 30, ("failTimes", 2)), Success),
            4 => (Steps(10, 50, ("failAt", 8), ("failStatus", 42)), ["failed"]),
            5 or 6 => (Steps(30, 100, ("result", "done")), Success),
            7 => (Steps(400, 5), Success),
            _ => (Steps(3, 1), Success),
        };
        bool isCalledBack = number % 3 == 0;
        if (isCalledBack)
        {
            input["webhook"] = receiver;
        }

        return new Order(number, input, ends, IsPut: number % 4 != 0, isCalledBack);
    }

    private static Dictionary<string, object> Steps(int steps, int stepMs, params (string Name, object Value)[] more)
    {
        var input = new Dictionary<string, object> { ["steps"] = steps, ["stepMs"] = stepMs };
        foreach ((string name, object value) in more)
        {
            input[name] = value;
        }

        return input;
    }
}
