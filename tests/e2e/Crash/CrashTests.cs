using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.Promises;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Crash;

/// <summary>The promise of the 202, against <c>kill -9</c>.</summary>
public sealed class CrashTests(ITestOutputHelper output) : IDisposable
{
    private const int Operations = 300;
    private const int Kills = 5;
    private const int Submitters = 8;
    private const int PerLife = Operations / (Kills + 1);

    private static readonly string[] Settings =
    [
        "--Operations:demo.steps:RetryDelays:0=00:00:00.2",
        "--Execution:SweepInterval=00:00:00.5",
        "--Streams:Drain=00:00:00.5",
    ];

    private readonly TemporaryFolder _data = new();
    private readonly Turnstile _turnstile = new();
    private readonly Ledger _ledger = new(isOneServer: true);
    private readonly ConcurrentDictionary<int, string> _paths = new();
    private readonly ConcurrentBag<Task> _watchers = [];

    public void Dispose()
    {
        _turnstile.Dispose();
        _data.Dispose();
    }

    [Fact(Timeout = 300_000)]
    public async Task Server_KilledWhileItAcceptsAndRuns_LosesNothingAndNeverContradictsItself()
    {
        int seed = Environment.GetEnvironmentVariable("CRASH_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"To repeat this choice of submissions and moments: CRASH_SEED={seed}");
        var random = new Random(seed);
        Submission[] submissions = Submissions.Make(random, Operations);
        await using var server = new MortalServer(_data.Path, Settings);

        await server.StartAsync();
        Task submitted = Task.WhenAll(submissions.Chunk((Operations + Submitters - 1) / Submitters).Select(part => SubmitAsync(server, part)));
        for (int life = 0; life < Kills; life++)
        {
            _turnstile.Admit(PerLife);
            await Task.WhenAny(submitted, KillSomewhenAsync(server, life, random)).Unwrap();
            await server.StartAsync();
        }

        _turnstile.Admit(Operations - (Kills * PerLife));
        await submitted;
        await AllAsync(_watchers);
        await AllAsync(submissions.Select(submission => CheckEndAsync(server, submission)));
        int attemptsLost = submissions.Count(submission => EndOf(submission).Number("attempt") > submission.LeastAttempts);
        output.WriteLine($"{server.LostRequests} requests got no answer; {attemptsLost} operations lost an attempt.");
        server.LostRequests.ShouldBePositive("The kills found nobody waiting.");
        attemptsLost.ShouldBePositive("The kills found nothing running.");
        await CheckListAsync(server);

        await server.StopAsync();
        await server.StartAsync();
        await AllAsync(submissions.Select(submission => CheckEndAsync(server, submission)));
        await server.StopAsync();
    }

    private async Task KillSomewhenAsync(MortalServer server, int life, Random random)
    {
        await _turnstile.ReachAsync((life * PerLife) + random.Next(5, PerLife));
        await Task.Delay(TimeSpan.FromMilliseconds(random.Next(2) * random.Next(1000)), TimeProvider.System, TestContext.Current.CancellationToken);
        await server.KillAsync();
    }

    /// <summary>One client: submits one after the other, repeats what got no answer, and has somebody watch each.</summary>
    private async Task SubmitAsync(MortalServer server, Submission[] submissions)
    {
        foreach (Submission submission in submissions)
        {
            await _turnstile.EnterAsync(TestContext.Current.CancellationToken);
            Answer answer = await server.AskAsync(submission.SendAsync);
            answer.Code.ShouldBeOneOf([200, 202], answer.Text);
            string path = _paths[submission.Number] = new Uri(answer.Uri).AbsolutePath;
            answer["Location"].ShouldBe(answer.Uri);
            _ledger.Observe().Saw(answer.Json);
            if (submission.Number % 4 is var way and not 3)
            {
                _watchers.Add(new Watcher(server, _ledger, path).WatchAsync((Way)way));
            }
        }
    }

    private async Task CheckEndAsync(MortalServer server, Submission submission)
    {
        string path = _paths[submission.Number];
        await new Watcher(server, _ledger, path).WatchAsync(Way.LongPoll);
        submission.CheckEnd(EndOf(submission), await server.AskAsync(client => client.GetAsync(path + "/result")));
    }

    /// <summary>The first failure ends the test; the others would only wait.</summary>
    private static async Task AllAsync(IEnumerable<Task> tasks)
    {
        await foreach (Task task in Task.WhenEach(tasks))
        {
            await task;
        }
    }

    private JsonElement EndOf(Submission submission) => JsonDocument.Parse(_ledger.EndOf(_paths[submission.Number])!).RootElement;

    /// <summary>Whatever was repeated: there is one operation for each submission, and no other.</summary>
    private async Task CheckListAsync(MortalServer server)
    {
        var listed = new List<string>();
        string token = "";
        do
        {
            Answer page = (await server.AskAsync(client => client.GetAsync("/operations?tag.by=crash-test&pageSize=200" + token))).ShouldBe(200);
            listed.AddRange(page.Json.GetProperty("operations").EnumerateArray().Select(operation => new Uri(operation.Text("uri")!).AbsolutePath));
            token = page.Json.Text("nextPageToken") is { } next ? "&pageToken=" + Uri.EscapeDataString(next) : "";
        }
        while (token.Length > 0);
        listed.ShouldBe(_paths.Values, ignoreOrder: true);
    }
}
