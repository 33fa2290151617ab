using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text.Json;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Feeds;

/// <summary>Whatever happens, and however often a follower is cut: what it has been told adds up to what the list says.</summary>
public sealed class FeedPictureTests(ITestOutputHelper output)
{
    private const int Actors = 4;
    private const int ActionsEach = 60;

    private readonly Dictionary<string, long> _picture = [];
    private string? _lastEventId;
    private int _cuts;

    [Fact]
    public async Task Follow_CutAndResumedWhileEverythingChanges_EndsWithThePictureOfTheList()
    {
        int seed = Environment.GetEnvironmentVariable("FEED_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"To repeat this choice: FEED_SEED={seed}");
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Polling:Mode"] = "suggest" });

        Task acting = Task.WhenAll(Enumerable.Range(0, Actors).Select(actor => ActAsync(server.Client, new Random(seed + actor))));
        var random = new Random(seed);
        while (!acting.IsCompleted)
        {
            Task following = FollowAsync(server.Client, random.Next(1, 40), random.Next(2) == 0);
            await Task.WhenAny(following, acting);
            while (!following.IsCompleted)
            {
                // Nobody else does anything that it could be told of.
                await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);
            }

            await following;
        }

        await acting;
        await ShouldBecomeTheListAsync(server.Client);
        _cuts.ShouldBeGreaterThan(5);
    }

    /// <summary>Takes some events and leaves.</summary>
    private async Task FollowAsync(GatewayClient client, int events, bool byQuery)
    {
        string path = byQuery && _lastEventId is { } id ? "/operations?lastEventId=" + Uri.EscapeDataString(id) : "/operations";
        await using EventStream feed = await client.FollowAsync(path, byQuery ? null : _lastEventId);
        for (int i = 0; i < events; i++)
        {
            Take(await feed.NextChangeAsync());
            _lastEventId = feed.LastEventId;
        }

        _cuts++;
    }

    private void Take(SseItem<string> item)
    {
        switch (item.EventType)
        {
            case "gone":
                _picture.Remove(item.Uri());
                break;
            case SseParser.EventTypeDefault:
                JsonElement status = item.Json();
                string uri = status.Text("uri")!;
                long version = status.Number("version")!.Value;
                version.ShouldBeGreaterThanOrEqualTo(_picture.GetValueOrDefault(uri), uri);
                _picture[uri] = version;
                break;
            default:
                item.EventType.ShouldBe("ready", "The server has lived on and changed little: every position is known.");
                break;
        }
    }

    /// <summary>Deleted operations leave the list at once and the feed at the next sweep, so the last events may take a moment.</summary>
    private async Task ShouldBecomeTheListAsync(GatewayClient client)
    {
        foreach (string uri in (await ListAsync(client)).Keys)
        {
            Answer end = await client.GetAsync(uri, ("Prefer", "wait=30"));
            end.Code.ShouldBeOneOf([200, 410], "It ends, unless it was deleted while it ran: " + end.Text);
        }

        Dictionary<string, long> list = await ListAsync(client);
        await using EventStream feed = await client.FollowAsync("/operations", _lastEventId);
        try
        {
            while (!IsSame(list))
            {
                Take(await feed.NextChangeAsync());
            }
        }
        catch (TimeoutException)
        {
            _picture.ShouldBe(list, ignoreOrder: true);
        }
    }

    private bool IsSame(Dictionary<string, long> list) => list.Count == _picture.Count && list.All(pair => _picture.GetValueOrDefault(pair.Key) == pair.Value);

    private static async Task<Dictionary<string, long>> ListAsync(GatewayClient client)
    {
        var all = new Dictionary<string, long>();
        string token = "";
        do
        {
            Answer page = (await client.GetAsync("/operations?pageSize=200" + token)).ShouldBe(200);
            foreach (JsonElement status in page.Json.GetProperty("operations").EnumerateArray())
            {
                all.Add(status.Text("uri")!, status.Number("version")!.Value);
            }

            token = page.Json.Text("nextPageToken") is { } next ? "&pageToken=" + Uri.EscapeDataString(next) : "";
        }
        while (token.Length > 0);
        return all;
    }

    /// <summary>One client among others: submits, cancels, deletes, moves expiries, runs again.</summary>
    private static async Task ActAsync(GatewayClient client, Random random)
    {
        var mine = new List<string>();
        for (int i = 0; i < ActionsEach; i++)
        {
            string? one = mine.Count > 0 ? mine[random.Next(mine.Count)] : null;
            switch (random.Next(10))
            {
                case var action when action < 5 || one is null:
                    mine.Add((await client.SubmitAsync(Inputs.Demo, new { steps = random.Next(30), stepMs = random.Next(20) }, random.Next(4) == 0 ? "?delay=PT1S" : "")).Uri);
                    break;
                case 5 or 6:
                    (await client.PostAsync(one + "/cancel")).Code.ShouldBeOneOf(202, 409, 410);
                    break;
                case 7:
                    (await client.DeleteAsync(one)).Code.ShouldBeOneOf(202, 204, 410);
                    break;
                case 8:
                    (await client.PatchAsync(one, new { expiresAt = GatewayClient.Text(TimeProvider.System.GetUtcNow().AddHours(random.Next(1, 9))) })).Code.ShouldBeOneOf(200, 202, 410);
                    break;
                default:
                    Answer again = await client.PostAsync(one + "/resubmit");
                    again.Code.ShouldBeOneOf(202, 409, 410);
                    if (again.Code == 202)
                    {
                        mine.Add(again.Uri);
                    }

                    break;
            }
        }
    }
}
