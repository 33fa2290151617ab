using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Nodes;

/// <summary>Three real servers on one PostgreSQL, one with the right time, one five minutes ahead, one five minutes behind: all times are the database's, so nobody notices.</summary>
public sealed class SkewedClockTests : IDisposable
{
    private static readonly string Architecture = RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "aarch64" : "x86_64";
    private static readonly DebianPackage FakeTime = new("faketime", $"/usr/lib/{Architecture}-linux-gnu/faketime/libfaketime.so.1");
    private static readonly string[] Skews = ["+0", "+5m", "-5m"];

    /// <summary>Far below the five minutes, far above what a busy machine takes.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 300_000)]
    public async Task Servers_WhoseClocksAreMinutesApart_GoByTheDatabasesTime()
    {
        string library = await FakeTime.RequireAsync();
        await using PostgresServer postgres = await PostgresServer.StartAsync();
        int calls = 0;
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref calls) <= Skews.Length ? 503 : 200;
            return Task.CompletedTask;
        });
        string[] settings =
        [
            "--Storage:Provider=postgres", "--ConnectionStrings:RealtimeOps=" + await postgres.NewSchemaAsync(), "--Engine=inprocess", "--Execution:Lease=00:00:08", "--Execution:SweepInterval=00:00:00.3",
            "--Webhooks:AllowedTargets:0=127.0.0.1", "--Webhooks:RetrySchedule:0=00:00:02", "--Webhooks:RetrySchedule:1=00:00:05",
        ];
        ServerProcess[] nodes = await Task.WhenAll(Skews.Select(skew => ServerProcess.StartAsync(
            _data.Combine(skew), settings, skew == "+0" ? [] : ["env", "LD_PRELOAD=" + library, "FAKETIME=" + skew, "FAKETIME_DONT_FAKE_MONOTONIC=1", "FAKETIME_FORCE_MONOTONIC_FIX=0"])));
        try
        {
            GatewayClient[] clients = [.. nodes.Select(node => node.Client)];
            await ClocksShouldDifferAsync(clients);

            await Task.WhenAll(clients.SelectMany((client, i) => new[]
            {
                LeaseHoldsAsync(client, clients, i),
                StartsWhenItIsDueAsync(client, clients[(i + 1) % clients.Length], i),
                CallbackIsTriedAgainAsync(client, receiver, i),
                LinkAndOperationEndInTimeAsync(client, clients, i),
            }));
        }
        finally
        {
            foreach (ServerProcess node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    /// <summary>Else this would test nothing.</summary>
    private static async Task ClocksShouldDifferAsync(GatewayClient[] clients)
    {
        DateTimeOffset[] dates = [.. (await Task.WhenAll(clients.Select(client => client.GetAsync("/health/live")))).Select(answer => DateTimeOffset.Parse(answer["Date"]!, CultureInfo.InvariantCulture))];
        (dates[1] - dates[0]).ShouldBe(TimeSpan.FromMinutes(5), Tolerance);
        (dates[0] - dates[2]).ShouldBe(TimeSpan.FromMinutes(5), Tolerance);
    }

    /// <summary>It runs for half as long again as its lease, and nobody takes it away.</summary>
    private static async Task LeaseHoldsAsync(GatewayClient client, GatewayClient[] all, int number)
    {
        string path = $"/operations/demo.steps/held-{number}";
        (await client.PutAsync(path, new { steps = 120, stepMs = 100 })).ShouldBe(202);
        JsonElement[] ends = await Task.WhenAll(all.Select(one => one.WaitForEndAsync(path)));

        ends.ShouldAllBe(end => end.Number("status") == 0 && end.Number("attempt") == 1);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        DateTimeOffset[] times = [ends[0].Instant("createdAt")!.Value, ends[0].Instant("startedAt")!.Value, ends[0].Instant("endedAt")!.Value];
        times.ShouldBeInOrder();
        times.ShouldAllBe(time => (now - time).Duration() < Tolerance);
    }

    private static async Task StartsWhenItIsDueAsync(GatewayClient client, GatewayClient other, int number)
    {
        DateTimeOffset due = TimeProvider.System.GetUtcNow().AddSeconds(3);
        string path = $"/operations/demo.steps/due-{number}";
        Answer answer = (await client.PutAsync($"{path}?notBefore={GatewayClient.Text(due)}", new { steps = 1, stepMs = 0 })).ShouldBe(202);
        int.Parse(answer["Retry-After"]!, CultureInfo.InvariantCulture).ShouldBeInRange(1, 30);

        DateTimeOffset started = (await other.WaitForEndAsync(path)).Instant("startedAt")!.Value;

        // A millisecond is what the due time loses in its text.
        started.ShouldBeGreaterThan(due.AddMilliseconds(-1));
        started.ShouldBeLessThan(due + Tolerance);
    }

    private static async Task CallbackIsTriedAgainAsync(GatewayClient client, WebhookReceiver receiver, int number)
    {
        JsonElement end = await client.RunAsync("demo.steps", new { steps = 1, stepMs = 0, webhook = receiver.Address }, $"?tag.number={number}");
        Received[] tries = [];
        using var limit = new CancellationTokenSource(Limits.Limit);
        while (tries.Length == 0 || !(await DeliveryAsync(client, end)).Equals("delivered", StringComparison.Ordinal))
        {
            tries = [.. receiver.All.Where(message => message.Json.Text("uri") == end.Text("uri"))];
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }

        tries = [.. receiver.All.Where(message => message.Json.Text("uri") == end.Text("uri"))];
        tries.ShouldAllBe(message => (message.At - DateTimeOffset.FromUnixTimeSeconds(message.Timestamp)).Duration() < Tolerance);
        if (tries.Length > 1)
        {
            (tries[1].At - tries[0].At).ShouldBeInRange(TimeSpan.FromSeconds(1.7), Tolerance);
        }
    }

    private static async Task<string> DeliveryAsync(GatewayClient client, JsonElement end) =>
        (await client.GetAsync(end.Text("uri") + "/deliveries")).ShouldBe(200).Json.GetProperty("deliveries").EnumerateArray().ShouldHaveSingleItem().Text("state")!;

    /// <summary>What one node lets end, all let end then, and no sooner.</summary>
    private static async Task LinkAndOperationEndInTimeAsync(GatewayClient client, GatewayClient[] all, int number)
    {
        string path = $"/operations/demo.steps/kept-{number}";
        (await client.PutAsync(path, new { steps = 1, stepMs = 0 })).ShouldBe(202);
        await client.WaitForEndAsync(path);
        DateTimeOffset end = TimeProvider.System.GetUtcNow().AddSeconds(20);
        string link = new Uri((await client.PostAsync(path + "/links", new { expiresAt = GatewayClient.Text(end) })).Json.Text("uri")!).PathAndQuery;
        (await client.PatchAsync(path, new { expiresAt = GatewayClient.Text(end.AddSeconds(1)) })).ShouldBe(200);
        foreach (GatewayClient one in all)
        {
            // A plain GET may be a little behind what another node has just shown.
            await one.WaitForEndAsync(path);
            (await one.GetAsync(link)).ShouldBe(200);
        }

        await Task.Delay(end.AddSeconds(1.5) - TimeProvider.System.GetUtcNow(), TimeProvider.System, TestContext.Current.CancellationToken);
        foreach (GatewayClient one in all)
        {
            (await one.GetAsync(link)).ShouldBe(401);
            (await one.GetAsync(path)).ShouldBe(410);
        }
    }
}
