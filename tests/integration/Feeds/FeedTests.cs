using System.Net.ServerSentEvents;
using System.Text.Json;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Feeds;

/// <summary>What a follower of many operations sees who has not been here before. Each test follows what it tagged itself.</summary>
public sealed class FeedTests(SharedServer shared) : SharedServerTests(shared)
{
    private const string Later = "&delay=PT1H";

    [Fact]
    public async Task Follow_WithoutAnId_SendsTheUnfinishedInOrderOfChangeThenReady()
    {
        JsonElement ended = await Client.RunAsync(Inputs.Demo, Inputs.Quick, "?tag.test=first");
        var unfinished = new List<string>();
        for (int i = 0; i < 5; i++)
        {
            unfinished.Add((await Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?tag.test=first" + Later)).Uri);
        }

        await using EventStream feed = await Client.FollowAsync("/operations?tag.test=first");
        List<SseItem<string>> caughtUp = await feed.ToReadyAsync();

        caughtUp.Select(item => item.Uri()).ShouldBe(unfinished);
        caughtUp.ShouldAllBe(item => item.EventType == SseParser.EventTypeDefault && !string.IsNullOrEmpty(item.EventId));
        caughtUp.Select(item => item.Json().Number("version")).ShouldAllBe(version => version > 0);
        unfinished.ShouldNotContain(ended.Text("uri")!);
    }

    [Fact]
    public async Task Follow_Nothing_IsReadyAtOnceWithTheHeadersOfAStream()
    {
        long start = TimeProvider.System.GetTimestamp();

        await using EventStream feed = await Client.WatchAsync("/operations?tag.test=nothing", ("Accept-Encoding", "gzip, br"));
        SseItem<string> first = (await feed.NextAsync())!.Value;

        TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        first.EventType.ShouldBe("ready");
        first.Data.ShouldBe("{}");
        feed.LastEventId.ShouldNotBeEmpty();
        feed.ReconnectionInterval.ShouldBe(TimeSpan.FromSeconds(2));
        ((int)feed.Response.StatusCode).ShouldBe(200);
        feed.Response.Content.Headers.ContentType!.ToString().ShouldBe("text/event-stream");
        feed.Response.Headers.CacheControl!.NoCache.ShouldBeTrue();
        feed.Response.Headers.CacheControl.NoTransform.ShouldBeTrue();
        feed.Response.Headers.GetValues("X-Accel-Buffering").ShouldBe(["no"]);
        feed.Response.Content.Headers.ContentEncoding.ShouldBe(["identity"]);
        feed.Response.Content.Headers.ContentLength.ShouldBeNull();
    }

    [Fact]
    public async Task Follow_ARunningOperation_ShowsItFromAcceptanceToItsEnd()
    {
        await using EventStream feed = await Client.FollowAsync("/operations?tag.test=run");
        await feed.ToReadyAsync();

        Answer submitted = await Client.SubmitAsync(Inputs.Demo, new { steps = 20, stepMs = 10 }, "?tag.test=run");
        List<JsonElement> all = await feed.ToAsync(status => status.Number("progress") == 100);

        all.ShouldAllBe(status => status.Text("uri") == submitted.Uri);
        all.Zip(all.Skip(1)).ShouldAllBe(pair => pair.First.Number("version") <= pair.Second.Number("version"));
        all[^1].GetRawText().ShouldBe((await Client.GetAsync(submitted.Uri)).Text);
    }

    [Fact]
    public async Task Follow_OneType_ShowsNoOther()
    {
        await using EventStream feed = await Client.FollowAsync("/operations/test.script?tag.test=type");
        await feed.ToReadyAsync();

        await Client.RunAsync(Inputs.Demo, Inputs.Quick, "?tag.test=type");
        JsonElement scripted = await Client.RunAsync(Inputs.Script, Inputs.Empty, "?tag.test=type");

        (await feed.ToAsync(status => status.Number("progress") == 100)).ShouldAllBe(status => status.Text("uri") == scripted.Text("uri"));
    }

    [Fact]
    public async Task Follow_States_ShowsAnOperationOnceItEntersOneOfThem()
    {
        await using EventStream feed = await Client.FollowAsync("/operations?tag.test=states&state=canceled&state=failed");
        await feed.ToReadyAsync();

        await Client.RunAsync(Inputs.Demo, Inputs.Quick, "?tag.test=states");
        JsonElement failed = await Client.RunAsync(Inputs.Demo, new { steps = 2, stepMs = 0, failAt = 2 }, "?tag.test=states");
        string canceled = (await Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?tag.test=states" + Later)).Uri;
        (await Client.PostAsync(canceled + "/cancel")).ShouldBe(202);

        (await feed.NextChangeAsync()).Data.ShouldBe(failed.GetRawText());
        JsonElement second = (await feed.NextChangeAsync()).Json();
        second.Text("uri").ShouldBe(canceled);
        second.Text("state").ShouldBe("canceled");
    }

    [Fact]
    public async Task Follow_SeveralTags_ShowsWhatHasThemAll()
    {
        await using EventStream feed = await Client.FollowAsync("/operations?tag.test=tags&tag.team=maps");
        await feed.ToReadyAsync();

        await Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?tag.test=tags" + Later);
        await Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?tag.test=tags&tag.team=charts" + Later);
        string both = (await Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?tag.test=tags&tag.team=maps" + Later)).Uri;

        (await feed.NextChangeAsync()).Uri().ShouldBe(both);
    }

    [Fact]
    public async Task Follow_AFastHandler_GetsTheNewestAndNoBacklog()
    {
        const int steps = 20_000;
        await using EventStream feed = await Client.FollowAsync("/operations?tag.test=fast");
        await feed.ToReadyAsync();

        await Client.SubmitAsync(Inputs.Demo, new { steps, stepMs = 0.05 }, "?tag.test=fast");
        List<JsonElement> all = await feed.ToAsync(status => status.Number("progress") == 100);

        all.Count.ShouldBeLessThan(steps / 2);
        all.Zip(all.Skip(1)).ShouldAllBe(pair => pair.First.Number("version") <= pair.Second.Number("version"));
    }

    [Fact]
    public async Task Follow_Deleted_IsGoneWithAnIdThatMovesOn()
    {
        JsonElement ended = await Client.RunAsync(Inputs.Demo, Inputs.Quick, "?tag.test=deleted");
        string uri = ended.Text("uri")!;
        await using EventStream feed = await Client.FollowAsync("/operations?tag.test=deleted");
        await feed.ToReadyAsync();
        string before = feed.LastEventId;

        (await Client.DeleteAsync(uri)).ShouldBe(204);
        SseItem<string> gone = await ToGoneAsync(feed);

        gone.Json().EnumerateObject().Select(member => member.Name).ShouldBe(["uri"]);
        gone.Uri().ShouldBe(uri);
        feed.LastEventId.ShouldNotBe(before);
        await using EventStream behind = await Client.FollowAsync("/operations?tag.test=deleted", before);
        (await behind.ToReadyAsync())[^1].EventType.ShouldBe("gone");
        await using EventStream upToDate = await Client.FollowAsync("/operations?tag.test=deleted", feed.LastEventId);
        (await upToDate.ToReadyAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Follow_Expired_IsGone()
    {
        var time = new ShiftedTime();
        await using GatewayServer server = await GatewayServer.StartAsync(time: time);
        JsonElement ended = await server.Client.RunAsync(Inputs.Demo, Inputs.Quick, "?ttl=PT10M");
        await using EventStream feed = await server.Client.FollowAsync("/operations/demo.steps?state=succeeded");
        await feed.ToReadyAsync();

        time.Advance(TimeSpan.FromMinutes(11));

        (await ToGoneAsync(feed)).Uri().ShouldBe(ended.Text("uri"));
    }

    [Fact]
    public async Task Follow_NothingHappens_SendsHeartbeatsWithoutId()
    {
        await using EventStream feed = await Client.FollowAsync("/operations?tag.test=silent");
        await feed.ToReadyAsync();
        string id = feed.LastEventId;
        long start = TimeProvider.System.GetTimestamp();

        SseItem<string> heartbeat = (await feed.NextAsync())!.Value;

        heartbeat.EventType.ShouldBe("heartbeat");
        heartbeat.Data.ShouldBe("{}");
        heartbeat.EventId.ShouldBeNull();
        feed.LastEventId.ShouldBe(id);
        TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(24));
    }

    [Theory]
    [InlineData("/operations/no.such", 404)]
    [InlineData("/operations?state=sleeping", 400)]
    [InlineData("/operations?createdAfter=yesterday", 400)]
    public async Task Follow_WhatCannotBe_IsAProblem(string path, int code) =>
        (await Client.GetAsync(path, ("Accept", "text/event-stream"))).ShouldBeProblem(code);

    [Theory]
    [InlineData("/operations")]
    [InlineData("/operations/demo.steps")]
    public async Task Head_OfAFeed_AnswersAtOnceWithoutABody(string path) =>
        (await Client.SendAsync(HttpMethod.Head, path, null, ("Accept", "text/event-stream"))).ShouldBe(200).Body.ShouldBeEmpty();

    [Theory]
    [InlineData("application/json, text/event-stream;q=0.5")]
    [InlineData("*/*")]
    public async Task Get_ByWhoeverPrefersJson_IsTheList(string accept) =>
        (await Client.GetAsync("/operations", ("Accept", accept))).ShouldBe(200)["Content-Type"].ShouldBe("application/json");

    /// <summary>A deletion may be shown as a change of the expiry first.</summary>
    private static async Task<SseItem<string>> ToGoneAsync(EventStream feed)
    {
        SseItem<string> item;
        do
        {
            item = await feed.NextChangeAsync();
        }
        while (item.EventType == SseParser.EventTypeDefault);
        item.EventType.ShouldBe("gone");
        return item;
    }
}
