using System.Collections.Concurrent;
using System.Text.Json;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Crash;

/// <summary>The promise of the callback, against <c>kill -9</c> of the gateway between the end and the delivery.</summary>
public sealed class WebhookCrashTests(ITestOutputHelper output) : IDisposable
{
    private const int Operations = 200;
    private const int Kills = 10;
    private const int PerLife = Operations / Kills;

    private static readonly string[] Settings =
    [
        "--Webhooks:AllowedTargets:0=127.0.0.1",
        "--Webhooks:RetrySchedule:0=00:00:00.2", "--Webhooks:RetrySchedule:1=00:00:00.2", "--Webhooks:RetrySchedule:2=00:00:00.5",
        "--Execution:SweepInterval=00:00:00.5",
    ];

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 240_000)]
    public async Task Server_KilledBetweenEndAndDelivery_DeliversEachAtLeastOnceUnderOneId()
    {
        int seed = Environment.GetEnvironmentVariable("CRASH_SEED") is { } given ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"To repeat this choice of moments: CRASH_SEED={seed}");
        var random = new Random(seed);
        // Some are taken late, and some only at the second try: so there is always something between its end and its delivery.
        var seen = new ConcurrentDictionary<string, byte>();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync(async (context, message) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(30)), TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.Response.StatusCode = seen.TryAdd(message.Id, 0) && Random.Shared.Next(4) == 0 ? 503 : 200;
        });
        await using var server = new MortalServer(_data.Path, Settings);
        var paths = new ConcurrentBag<string>();

        await server.StartAsync();
        for (int life = 0; life < Kills; life++)
        {
            Task submitted = SubmitAsync(server, receiver.Address, life, paths);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(400)), TimeProvider.System, TestContext.Current.CancellationToken);
            await server.KillAsync();
            await server.StartAsync();
            await submitted;
        }

        paths.Count.ShouldBe(Operations);
        var ids = new Dictionary<string, string>();
        foreach (string path in paths)
        {
            JsonElement final = await server.AskAsync(client => client.WaitForEndAsync(path));
            JsonElement delivery = await DeliveredAsync(server, path);
            Received[] messages = [.. receiver.All.Where(message => message.Json.Text("uri") == final.Text("uri"))];
            messages.ShouldNotBeEmpty(path);
            messages.ShouldAllBe(message => message.Id == delivery.Text("id") && message.Json.Number("version") == final.Number("version"));
            ids.Add(delivery.Text("id")!, path);
        }

        output.WriteLine($"{receiver.All.Count} messages for {Operations} operations; {server.LostRequests} requests got no answer.");
        receiver.All.Select(message => message.Id).Distinct().ShouldBe(ids.Keys, ignoreOrder: true);
        await server.StopAsync();
    }

    private static async Task SubmitAsync(MortalServer server, string target, int life, ConcurrentBag<string> paths)
    {
        await Task.WhenAll(Enumerable.Range(0, PerLife).Select(async number =>
        {
            string path = $"/operations/demo.steps/hooked-{life}-{number}";
            Answer answer = await server.AskAsync(client => client.PutAsync(path, new { steps = number % 5, stepMs = number % 7, webhook = target }));
            answer.Code.ShouldBeOneOf([200, 202], answer.Text);
            paths.Add(path);
        }));
    }

    private static async Task<JsonElement> DeliveredAsync(MortalServer server, string path)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            JsonElement delivery = (await server.AskAsync(client => client.GetAsync(path + "/deliveries"))).ShouldBe(200).Json.GetProperty("deliveries").EnumerateArray().ShouldHaveSingleItem();
            if (delivery.Text("state") == "delivered")
            {
                return delivery;
            }

            delivery.Text("state").ShouldBe("pending", delivery.ToString());
            TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(Limits.Limit, delivery.ToString());
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
