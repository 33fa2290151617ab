using System.Collections.Concurrent;
using RealtimeOps.E2ETests.Streams;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using RealtimeOps.TestSupport.Promises;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Nodes;

/// <summary>Three servers behind nginx, as <c>docker/nginx.conf</c> has it; each in turn is stopped in order and started anew, while clients submit and watch.</summary>
public sealed class RollingRestartTests(ITestOutputHelper output) : IDisposable
{
    private const int Nodes = 3;
    private const int Operations = 500;
    private const int Submitters = 10;

    private static readonly string[] Success = ["succeeded"];

    private readonly TemporaryFolder _data = new();
    private readonly ConcurrentDictionary<string, Order> _orders = new();
    private readonly ConcurrentBag<Task> _watchers = [];
    private readonly Ledger _ledger = new(isOneServer: false);
    private int _number;
    private volatile bool _restarted;

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 600_000)]
    public async Task Servers_RestartedOneAfterTheOtherUnderLoad_LoseNothingAndTellEveryEndOnce()
    {
        await using PostgresServer postgres = await PostgresServer.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        string[] settings =
        [
            "--Storage:Provider=postgres", "--ConnectionStrings:RealtimeOps=" + await postgres.NewSchemaAsync(), "--Engine=inprocess", "--Execution:SweepInterval=00:00:01", "--Execution:Workers=40",
            "--Streams:Drain=00:00:01", "--Polling:Mode=suggest", "--Webhooks:AllowedTargets:0=127.0.0.1", "--Proxies:Trusted:0=127.0.0.1/32",
        ];
        await using Cluster nodes = await Cluster.StartAsync(Nodes, _data.Path, settings);
        await using NginxProxy nginx = await NginxProxy.StartComposedAsync(nodes.Addresses);
        var client = new PersistentClient(() => nginx.Client);
        var follower = new Follower(client);
        using var left = new CancellationTokenSource();
        Task following = follower.FollowAsync(left.Token);
        Task submitting = Task.WhenAll(Enumerable.Range(0, Submitters).Select(_ => SubmitAsync(client, receiver.Address)));
        try
        {
            await nodes.RestartEachAsync();
        }
        finally
        {
            _restarted = true;
        }

        await submitting;
        await Task.WhenAll(_watchers);
        await new Checker(client, _ledger, receiver).CheckAsync(_orders);
        await follower.ToEndOfAsync(_orders.Keys);
        await left.CancelAsync();
        await following.Limited();

        output.WriteLine($"{client.Lost} requests got no answer, {client.Refused} were refused for the moment; the follower began anew {follower.Resets} times; {receiver.All.Count} messages.");
        _orders.Count.ShouldBeGreaterThanOrEqualTo(Operations);
        _watchers.Count.ShouldBe(_orders.Values.Count(order => order.Number % 5 < 3));
        await nodes.StopAsync();
    }

    /// <summary>One client: submits one after the other, at least until the restarts are over, and has somebody watch three of five.</summary>
    private async Task SubmitAsync(PersistentClient client, string receiver)
    {
        while (Interlocked.Increment(ref _number) is var number && (number <= Operations || !_restarted))
        {
            int steps = number % 7 == 0 ? 60 : 15;
            object input = number % 2 == 0 ? new { steps, stepMs = 100, result = number, webhook = receiver } : new { steps, stepMs = 100, result = number };
            var order = new Order(number, input, Success, IsPut: number % 3 != 0, IsCalledBack: number % 2 == 0);
            Answer answer = await client.AskAsync(order.SendAsync);
            answer.Code.ShouldBeOneOf([200, 202], answer.Text);
            string path = new Uri(answer.Uri).AbsolutePath;
            _orders.TryAdd(path, order).ShouldBeTrue(path);
            if (number % 5 is var way and < 3)
            {
                _watchers.Add(new Watcher(client, _ledger, path).WatchAsync(way switch { 0 => Way.Stream, 1 => Way.JsonLines, _ => Way.LongPoll }));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(150, 450)), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
