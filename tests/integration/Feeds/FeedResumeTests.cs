using System.Net.ServerSentEvents;
using System.Text.Json;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Feeds;

/// <summary>A follower that was away names the last id it saw and misses nothing.</summary>
public sealed class FeedResumeTests(SharedServer shared) : SharedServerTests(shared)
{
    private const string Later = "&delay=PT1H";

    [Fact]
    public async Task Resume_SendsEachOperationThatChangedOnceAndNoOther()
    {
        string cancel = (await Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?tag.test=since" + Later)).Uri;
        await Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?tag.test=since" + Later);
        string position = await PositionAsync("/operations?tag.test=since");

        JsonElement ran = await Client.RunAsync(Inputs.Demo, new { steps = 10, stepMs = 1 }, "?tag.test=since");
        (await Client.PostAsync(cancel + "/cancel")).ShouldBe(202);
        await using EventStream feed = await Client.FollowAsync("/operations?tag.test=since", position);
        List<SseItem<string>> missed = await feed.ToReadyAsync();

        missed.Select(item => item.Uri()).ShouldBe([ran.Text("uri")!, cancel]);
        missed[0].Data.ShouldBe(ran.GetRawText());
        missed[1].Json().Text("state").ShouldBe("canceled");
    }

    [Theory]
    [InlineData("/operations?tag.test=elsewhere", "/operations/demo.steps?tag.test=elsewhere")]
    [InlineData("/operations/test.script", "/operations?tag.test=elsewhere")]
    [InlineData("/operations?state=failed", "/operations/demo.steps?tag.test=elsewhere&state=succeeded&state=canceled")]
    public async Task Resume_WithTheIdOfAnotherFeed_MissesNothing(string from, string on)
    {
        string position = await PositionAsync(from);
        JsonElement ran = await Client.RunAsync(Inputs.Demo, Inputs.Quick, "?tag.test=elsewhere");

        await using EventStream feed = await Client.FollowAsync(on, position);

        (await feed.ToReadyAsync()).ShouldHaveSingleItem().Data.ShouldBe(ran.GetRawText());
    }

    [Fact]
    public async Task Resume_ByQuery_IsTheSame()
    {
        string position = await PositionAsync("/operations?tag.test=query");
        JsonElement ran = await Client.RunAsync(Inputs.Demo, Inputs.Quick, "?tag.test=query");

        await using EventStream feed = await Client.FollowAsync("/operations?tag.test=query&lastEventId=" + Uri.EscapeDataString(position));

        (await feed.ToReadyAsync()).ShouldHaveSingleItem().Data.ShouldBe(ran.GetRawText());
    }

    [Fact]
    public async Task Resume_FromAnEventInTheMiddle_SendsWhatCameBehindIt()
    {
        await using EventStream feed = await Client.FollowAsync("/operations?tag.test=middle");
        await feed.ToReadyAsync();
        string[] uris = new string[6];
        string[] ids = new string[6];
        for (int i = 0; i < uris.Length; i++)
        {
            uris[i] = (await Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?tag.test=middle" + Later)).Uri;
            (await feed.NextChangeAsync()).Uri().ShouldBe(uris[i]);
            ids[i] = feed.LastEventId;
        }

        for (int i = 0; i < uris.Length; i++)
        {
            await using EventStream again = await Client.FollowAsync("/operations?tag.test=middle", ids[i]);
            (await again.ToReadyAsync()).Select(item => item.Uri()).ShouldBe(uris[(i + 1)..]);
        }
    }

    [Theory]
    [InlineData("not-ours")]
    [InlineData("17")]
    [InlineData("0123456789ab:0")]
    [InlineData("0123456789ab:5:u:0:0")]
    [InlineData("0123456789ab:-1")]
    [InlineData(":::::")]
    public async Task Resume_FromAnUnknownPosition_IsResetWithTheUnfinishedAndTheLatelyEnded(string position)
    {
        string tag = "?tag.test=reset" + Guid.NewGuid().ToString("N");
        JsonElement ended = await Client.RunAsync(Inputs.Demo, Inputs.Quick, tag);
        string waiting = (await Client.SubmitAsync(Inputs.Demo, Inputs.Quick, tag + Later)).Uri;

        await using EventStream feed = await Client.FollowAsync("/operations" + tag, position);
        SseItem<string> first = await feed.NextChangeAsync();
        List<SseItem<string>> all = await feed.ToReadyAsync();

        first.EventType.ShouldBe("reset");
        first.Data.ShouldBe("{}");
        all.Select(item => item.Uri()).ShouldBe([ended.Text("uri")!, waiting]);
    }

    [Fact]
    public async Task Resume_FromAPositionAheadOfTheServer_IsReset()
    {
        string position = await PositionAsync("/operations");
        string ahead = position.Split(':')[0] + ":" + (long.MaxValue - 1);

        await using EventStream feed = await Client.FollowAsync("/operations?tag.test=ahead", ahead);

        (await feed.NextChangeAsync()).EventType.ShouldBe("reset");
        (await feed.ToReadyAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Resume_CutInTheMiddleOfTheCatchUp_GoesOnThere()
    {
        const int count = 1_300;
        await using GatewayServer server = await GatewayServer.StartAsync();
        Answer[] submitted = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => server.Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?delay=PT1H")));
        string[] uris = [.. submitted.Select(answer => answer.Uri)];
        var seen = new List<string>();
        string? id = null;
        int cuts = 0;
        string? changed = null;
        bool ready = false;
        while (!ready)
        {
            await using EventStream feed = await server.Client.FollowAsync("/operations", id);
            for (int i = 0; i < 333 && !ready; i++)
            {
                SseItem<string> item = await feed.NextChangeAsync();
                item.EventType.ShouldBeOneOf("ready", SseParser.EventTypeDefault);
                ready = item.EventType == "ready";
                if (!ready)
                {
                    seen.Add(item.Uri());
                }
            }

            id = feed.LastEventId;
            if (cuts++ == 1)
            {
                // Something that has been sent already changes while the follower is away.
                changed = seen[0];
                (await server.Client.PostAsync(changed + "/cancel")).ShouldBe(202);
            }
        }

        cuts.ShouldBeGreaterThan(3);
        seen.ShouldBe([.. uris, changed!], ignoreOrder: true, "Each once, none missed, and once more what has changed.");
        seen[^1].ShouldBe(changed);
        await using EventStream last = await server.Client.FollowAsync("/operations", id);
        (await last.ToReadyAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Resume_AfterARestart_IsResetAndMissesNothing()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Streams:Drain"] = "00:00:00.2" }, Scripts.EndsTheSecondTime);
        string waiting = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?delay=PT1H")).Uri;
        string running = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        await server.Client.WaitForStateAsync(running, "running");
        string deleted = (await server.Client.RunAsync(Inputs.Demo, Inputs.Quick)).Text("uri")!;
        string position;
        await using (EventStream feed = await server.Client.FollowAsync("/operations"))
        {
            await feed.ToReadyAsync();
            position = feed.LastEventId;
        }

        string unheard = (await server.Client.RunAsync(Inputs.Demo, Inputs.Quick)).Text("uri")!;
        (await server.Client.DeleteAsync(deleted)).ShouldBe(204);
        await server.RestartAsync();
        string newcomer = (await server.Client.RunAsync(Inputs.Demo, Inputs.Quick)).Text("uri")!;

        await using EventStream again = await server.Client.FollowAsync("/operations", position);
        (await again.NextChangeAsync()).EventType.ShouldBe("reset");
        var picture = (await again.ToReadyAsync()).GroupBy(item => item.Uri()).ToDictionary(group => group.Key, group => group.Last().Json());

        picture.Keys.ShouldBe([waiting, running, unheard, newcomer], ignoreOrder: true);
        picture[unheard].Text("state").ShouldBe("succeeded");
        picture[newcomer].Text("state").ShouldBe("succeeded");
        while (picture[running].Number("progress") != 100)
        {
            SseItem<string> item = await again.NextChangeAsync();
            picture[item.Uri()] = item.Json();
        }

        picture[running].Number("attempt").ShouldBe(2);
    }

    private async Task<string> PositionAsync(string path)
    {
        await using EventStream feed = await Client.FollowAsync(path);
        await feed.ToReadyAsync();
        return feed.LastEventId;
    }
}
