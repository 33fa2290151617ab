using System.Text.Json;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.Promises;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Chaos;

/// <summary>What happens to the machines: nodes are killed, or stand still for longer than their leases; the database crashes. All of it comes from the seed.</summary>
internal sealed class Mischief(Cluster cluster, Load load, Random random)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2.5);

    /// <summary>In an order of the seed; the database crashes beside, whatever the nodes go through at that moment.</summary>
    public async Task RunAsync(int rounds)
    {
        bool[] kills = [.. Enumerable.Range(0, rounds).Select(round => round % 2 == 0)];
        random.Shuffle(kills);
        Task database = CrashDatabaseAsync([.. Enumerable.Range(0, (rounds + 1) / 3).Select(_ => (Some(8) + Longest, Some(3)))]);
        foreach (bool isKill in kills)
        {
            int node = random.Next(Cluster.Nodes);
            await (isKill ? cluster.KillAsync(node, Some(2.5)) : StandStillAsync(node, Some(2)));
        }

        await database;
    }

    private async Task CrashDatabaseAsync((TimeSpan Pause, TimeSpan Away)[] crashes)
    {
        foreach ((TimeSpan pause, TimeSpan away) in crashes)
        {
            await Task.Delay(pause, TimeProvider.System, TestContext.Current.CancellationToken);
            await cluster.CrashDatabaseAsync(away);
        }
    }

    /// <summary>The node sleeps until another has taken its operations over. When it wakes, what it says of them is refused, and its handlers are stopped.</summary>
    private async Task StandStillAsync(int submitted, TimeSpan more)
    {
        var here = new PersistentClient(() => cluster[submitted].Client);
        var held = new Order(load.NextNumber(), new { steps = 600, stepMs = 100 }, ["canceled"], IsPut: true, IsCalledBack: false);
        string path = await load.SubmitAsync(held, here);
        long attempt = (await WaitAsync(here, path, status => status.Number("progress") >= 1)).Number("attempt")!.Value;
        int index = await RunsAtAsync(held, attempt);
        ServerProcess node = cluster[index];
        var elsewhere = new PersistentClient(() => cluster[(index + Random.Shared.Next(1, Cluster.Nodes)) % Cluster.Nodes].Client);

        await node.SignalAsync("STOP");
        await WaitAsync(elsewhere, path, status => status.Number("attempt") > attempt);
        await Task.Delay(more, TimeProvider.System, TestContext.Current.CancellationToken);
        await node.SignalAsync("CONT");

        // The handler would go on for most of a minute: that its attempt is over here means that it was stopped, and that its outcome was refused.
        await UntilAsync(() => node.Output.Contains($"AttemptRecorder Attempt {attempt} of demo.steps/order-{held.Number} no longer holds it", StringComparison.Ordinal));
        // The answer may be lost with the database; whoever asks again is told that it has ended.
        (await cluster.Client.AskAsync(door => door.PostAsync(path + "/cancel"))).Code.ShouldBeOneOf(202, 409);
    }

    /// <summary>Mostly where it was submitted; but nodes help one that has much to do.</summary>
    private async Task<int> RunsAtAsync(Order order, long attempt)
    {
        string started = $"Operation demo.steps/order-{order.Number} started, attempt {attempt}";
        int index = 0;
        await UntilAsync(() => cluster[index = (index + 1) % Cluster.Nodes].Output.Contains(started, StringComparison.Ordinal));
        return index;
    }

    private static async Task<JsonElement> WaitAsync(PersistentClient client, string path, Func<JsonElement, bool> wanted)
    {
        while (true)
        {
            // Held for a second where nothing has ended.
            Answer answer = (await client.AskAsync(door => door.GetAsync(path, ("Prefer", "wait=1")))).ShouldBe(202);
            if (wanted(answer.Json))
            {
                return answer.Json;
            }
        }
    }

    private static async Task UntilAsync(Func<bool> happened)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!happened())
        {
            TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(Limits.Limit);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private TimeSpan Some(double seconds) => TimeSpan.FromSeconds(0.2 + (random.NextDouble() * seconds));
}
