using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Crash;

/// <summary>The promise of the mailbox, against <c>kill -9</c> of the gateway between end, reading and acknowledgement.</summary>
public sealed class MailboxCrashTests(ITestOutputHelper output) : IDisposable
{
    private const int Operations = 150;
    private const int Kills = 6;
    private const int PerLife = Operations / Kills;

    private static readonly string[] Settings = ["--Execution:SweepInterval=00:00:00.5", "--Streams:Drain=00:00:00.5"];

    private readonly TemporaryFolder _data = new();
    private readonly ConcurrentDictionary<string, string> _paths = new();
    private readonly ConcurrentDictionary<string, string> _messages = new();
    private readonly ConcurrentDictionary<string, byte> _acknowledged = new();
    private int _again;

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 180_000)]
    public async Task Server_KilledBetweenEndAndReading_GivesOutEachUnderOneIdUntilAcknowledged()
    {
        int seed = Environment.GetEnvironmentVariable("CRASH_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"To repeat this choice of moments: CRASH_SEED={seed}");
        var random = new Random(seed);
        await using var server = new MortalServer(_data.Path, Settings);

        await server.StartAsync();
        Task[] consumers = [ConsumeAsync(server), ConsumeAsync(server)];
        for (int life = 0; life < Kills; life++)
        {
            Task submitted = SubmitAsync(server, life);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(400)), TimeProvider.System, TestContext.Current.CancellationToken);
            await server.KillAsync();
            await server.StartAsync();
            await submitted;
        }

        await Task.WhenAll(consumers);
        output.WriteLine($"{Operations} messages, {_again} of them read again; {server.LostRequests} requests got no answer.");
        _messages.Keys.ShouldBe(_paths.Keys, ignoreOrder: true);
        _messages.Values.Distinct().Count().ShouldBe(Operations);
        JsonElement mailbox = (await server.AskAsync(client => client.GetAsync("/mailboxes"))).ShouldBe(200).Json.GetProperty("mailboxes").EnumerateArray().ShouldHaveSingleItem();
        mailbox.Number("pending").ShouldBe(0);
        await server.StopAsync();
    }

    private async Task SubmitAsync(MortalServer server, int life) =>
        await Task.WhenAll(Enumerable.Range(0, PerLife).Select(async number =>
        {
            string path = $"/operations/demo.steps/fetched-{life}-{number}";
            Answer answer = await server.AskAsync(client => client.PutAsync(path, new { steps = number % 5, stepMs = number % 7, webhook = "mailbox:crash" }));
            answer.Code.ShouldBeOneOf([200, 202], answer.Text);
            _paths.TryAdd(path, path);
        }));

    /// <summary>What a death took away on its way is not acknowledged, so it comes again.</summary>
    private async Task ConsumeAsync(MortalServer server)
    {
        while (_acknowledged.Count < Operations)
        {
            HashSet<string> settled = [.. _acknowledged.Keys];
            Answer read = (await server.AskAsync(client => client.GetAsync("/mailboxes/crash?visibility=2&pageSize=5", ("Prefer", "wait=1")))).ShouldBe(200);
            foreach (JsonElement message in read.Json.GetProperty("messages").EnumerateArray())
            {
                string id = message.Text("id")!;
                settled.ShouldNotContain(id, "A 204 is kept.");
                JsonElement status = JsonDocument.Parse(message.Text("body")!).RootElement;
                status.Number("progress").ShouldBe(100);
                string path = new Uri(status.Text("uri")!).AbsolutePath;
                if (!_messages.TryAdd(path, id))
                {
                    Interlocked.Increment(ref _again);
                    _messages[path].ShouldBe(id, "There is one message for an end.");
                }

                (await server.AskAsync(client => client.DeleteAsync("/mailboxes/crash/" + id))).ShouldBe(204);
                _acknowledged.TryAdd(id, 0);
            }
        }
    }
}
