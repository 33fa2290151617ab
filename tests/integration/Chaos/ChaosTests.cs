using System.Globalization;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.Promises;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Chaos;

/// <summary>Many nodes under everything that goes wrong at once; a checker reads every promise afterwards.</summary>
[Collection(Alone.Name)]
public sealed class ChaosTests(ITestOutputHelper output)
{
    [Fact(Timeout = 600_000)]
    public async Task Nodes_KilledPausedAndWithoutTheirDatabase_KeepEveryPromise()
    {
        int seed = Environment.GetEnvironmentVariable("CHAOS_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        int rounds = Environment.GetEnvironmentVariable("CHAOS_ROUNDS") is { } more ? int.Parse(more, CultureInfo.InvariantCulture) : 6;
        output.WriteLine($"To repeat this choice of troubles: CHAOS_SEED={seed}");
        int refusals = 0;
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref refusals) % 8 == 0 ? 503 : 200;
            return Task.CompletedTask;
        });
        await using Cluster cluster = await Cluster.StartAsync();
        var ledger = new Ledger(isOneServer: false);
        var load = new Load(cluster.Client, ledger, receiver.Address);
        var follower = new Follower(cluster.Client);
        using var enough = new CancellationTokenSource();
        using var left = new CancellationTokenSource();
        Task following = follower.FollowAsync(left.Token);
        Task submitting = load.SubmitAsync(enough.Token);

        await new Mischief(cluster, load, new Random(seed)).RunAsync(rounds);
        await enough.CancelAsync();
        await submitting;
        await new Checker(cluster.Client, ledger, receiver, cluster.Each).CheckAsync(load.Orders);
        await follower.ToEndOfAsync(load.Orders.Keys);
        await left.CancelAsync();
        await following.Limited();

        output.WriteLine($"{load.Orders.Count} operations, {receiver.All.Count} messages; {cluster.Client.Lost} requests got no answer, {cluster.Client.Refused} were refused; the follower began anew {follower.Resets} times.");
        cluster.Client.Lost.ShouldBePositive("The troubles found nobody waiting.");
        cluster.Client.Refused.ShouldBePositive("The crashes of the database found nobody writing.");
        await cluster.StopAsync();
    }
}
