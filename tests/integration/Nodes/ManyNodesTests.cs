using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RealtimeOps.Execution;
using RealtimeOps.IntegrationTests.Feeds;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Nodes;

/// <summary>Any node answers for any operation, as the one that runs it would.</summary>
public sealed class ManyNodesTests
{
    [Fact]
    public async Task EventStream_OnAnotherNode_ShowsEveryStepAndTheEnd()
    {
        var steps = new Turnstile();
        await using TwoNodes nodes = await TwoNodes.StartAsync(steps.Script);
        string path = TwoNodes.Path((await nodes.One.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri);
        await using EventStream stream = await nodes.Other.Client.WatchAsync(path);

        var seen = new List<JsonElement>();
        for (int percent = 10; percent <= 50; percent += 10)
        {
            steps.Let(percent);
            do
            {
                seen.Add((await stream.NextStatusAsync()).ShouldNotBeNull());
            }
            while (seen[^1].Number("progress") < percent);
        }

        steps.Let(100);
        seen.AddRange(await stream.ToEndAsync());

        seen.Select(status => status.Number("version")).ShouldBeInOrder();
        seen.Select(status => status.Number("version")).ShouldBeUnique();
        seen[^1].Text("state").ShouldBe("succeeded");
        seen[^1].ToString().ShouldBe((await nodes.One.Client.GetAsync(path)).Json.ToString());
    }

    [Fact]
    public async Task LongPollAndPoll_OnAnotherNode_TellChangesAndTheEnd()
    {
        var steps = new Turnstile();
        await using TwoNodes nodes = await TwoNodes.StartAsync(steps.Script);
        string path = TwoNodes.Path((await nodes.One.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri);

        steps.Let(30);
        (await nodes.Other.Client.WaitAsync(path, status => status.Number("progress") == 30)).Text("state").ShouldBe("running");
        (await nodes.Other.Client.GetAsync(path)).ShouldBe(202).Json.Number("progress").ShouldBe(30);
        Task<Answer> end = nodes.Other.Client.GetAsync(path, ("Prefer", "wait=15"));
        steps.Let(100);

        (await end).ShouldBe(200).Json.Number("progress").ShouldBe(100);
        (await nodes.Other.Client.GetAsync(path + "/result")).ShouldBe(200).Text.ShouldBe("\"done\"");
    }

    [Fact]
    public async Task Hub_OnAnotherNode_StreamsToTheEnd()
    {
        var steps = new Turnstile();
        await using TwoNodes nodes = await TwoNodes.StartAsync(steps.Script);
        string path = TwoNodes.Path((await nodes.One.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri);
        using HubClient hub = await HubClient.ConnectAsync(nodes.Other.Client.Address);
        await hub.StreamAsync("Watch", path, null);

        steps.Let(20);
        while ((await hub.NextItemAsync()).ShouldNotBeNull().Number("progress") < 20)
        {
        }

        steps.Let(100);
        JsonElement last = default;
        while (await hub.NextItemAsync() is { } item)
        {
            last = item;
        }

        last.Number("progress").ShouldBe(100);
    }

    [Fact]
    public async Task Feed_OnAnotherNode_TellsOfSubmissionChangeEndAndRemoval()
    {
        var steps = new Turnstile();
        await using TwoNodes nodes = await TwoNodes.StartAsync(steps.Script);
        await using EventStream feed = await nodes.Other.Client.FollowAsync("/operations");
        await feed.ToReadyAsync();

        Answer submitted = await nodes.One.Client.SubmitAsync(Inputs.Script, Inputs.Empty);
        steps.Let(40);
        await feed.ToAsync(status => status.Number("progress") == 40);
        steps.Let(100);
        (await feed.ToAsync(status => status.Number("progress") == 100))[^1].Text("uri").ShouldBe(submitted.Uri);
        (await nodes.One.Client.DeleteAsync(submitted.Uri)).ShouldBe(204);

        SseItem<string> gone = await feed.NextChangeAsync();
        while (gone.EventType == SseParser.EventTypeDefault)
        {
            gone = await feed.NextChangeAsync();
        }

        gone.EventType.ShouldBe("gone");
        gone.Uri().ShouldBe(submitted.Uri);
        (await nodes.Other.Client.GetAsync(TwoNodes.Path(submitted.Uri))).ShouldBe(410);
    }

    [Fact]
    public async Task Feed_PositionOfAnotherNode_IsAnsweredWithReset()
    {
        await using TwoNodes nodes = await TwoNodes.StartAsync();
        await nodes.One.Client.RunAsync(Inputs.Demo, Inputs.Quick);
        await using EventStream feed = await nodes.One.Client.FollowAsync("/operations");
        await feed.ToReadyAsync();

        await using EventStream moved = await nodes.Other.Client.FollowAsync("/operations", feed.LastEventId);

        List<SseItem<string>> caughtUp = await moved.ToReadyAsync();
        caughtUp[0].EventType.ShouldBe("reset");
        caughtUp[1].Json().Number("progress").ShouldBe(100);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancel_OnAnotherNode_StopsAQuietHandlerBeforeItsLeaseEnds(bool isCut)
    {
        var running = new Signal();
        await using TwoNodes nodes = await TwoNodes.StartAsync(async (_, _, cancellation) =>
        {
            running.Set();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return OperationResult.None;
        });
        string path = TwoNodes.Path((await nodes.One.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri);
        await running.ReachedAsync();
        if (isCut)
        {
            await nodes.CutAsync();
        }

        long start = TimeProvider.System.GetTimestamp();
        (await nodes.Other.Client.PostAsync(path + "/cancel")).ShouldBe(202);

        JsonElement end = await nodes.Other.Client.WaitForEndAsync(path);
        end.Text("state").ShouldBe("canceled");
        // It takes a second; the lease, without which the handler would be stopped too, lasts for fifteen.
        TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        (await nodes.One.Client.GetAsync(path)).ShouldBe(200).Json.ToString().ShouldBe(end.ToString());
    }

    [Fact]
    public async Task CutConnection_OfBothNodes_LosesNeitherProgressNorEndNorChange()
    {
        var steps = new Turnstile();
        await using TwoNodes nodes = await TwoNodes.StartAsync(steps.Script);
        string path = TwoNodes.Path((await nodes.One.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri);
        await using EventStream stream = await nodes.Other.Client.WatchAsync(path);
        await using EventStream feed = await nodes.Other.Client.FollowAsync("/operations");
        await feed.ToReadyAsync();

        (await nodes.CutAsync()).ShouldBeGreaterThanOrEqualTo(2);
        JsonElement quick = await nodes.One.Client.RunAsync(Inputs.Demo, Inputs.Quick);
        steps.Let(100);

        (await stream.ToEndAsync())[^1].Number("progress").ShouldBe(100);
        var known = new Dictionary<string, long>();
        while (known.Count < 2 || known.Values.Any(progress => progress < 100))
        {
            SseItem<string> item = await feed.NextChangeAsync();
            if (item.EventType == SseParser.EventTypeDefault)
            {
                known[TwoNodes.Path(item.Uri())] = item.Json().Number("progress") ?? 0;
            }
        }

        known.Keys.ShouldBe([path, TwoNodes.Path(quick.Text("uri")!)], ignoreOrder: true);
    }

    [Fact]
    public async Task Mailbox_WaitOnAnotherNode_IsWokenAtOnce()
    {
        var steps = new Turnstile();
        await using TwoNodes nodes = await TwoNodes.StartAsync(steps.Script);
        await nodes.One.Client.SubmitAsync(Inputs.Script, new { webhook = "mailbox:post" });
        Task<Answer> waiting = nodes.Other.Client.GetAsync("/mailboxes/post", ("Prefer", "wait=15"));

        steps.Let(100);

        (await waiting).ShouldBe(200).Json.GetProperty("messages").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task ShutDown_OfTheNodeThatRunsIt_LetsTheOtherGoOn()
    {
        var first = new Signal();
        await using TwoNodes nodes = await TwoNodes.StartAsync(
            async (_, context, cancellation) =>
            {
                if (context.Attempt == 1)
                {
                    first.Set();
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
                }

                return OperationResult.OfJson(context.Attempt);
            },
            ("Execution:SweepInterval", "00:00:00.3"));
        string path = TwoNodes.Path((await nodes.One.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri);
        await first.ReachedAsync();
        // With sweeps as frequent as these either node may have been the first to find it.
        (GatewayServer runs, GatewayServer other) = nodes.One.Services.GetRequiredService<RunningAttempts>().Count > 0 ? (nodes.One, nodes.Other) : (nodes.Other, nodes.One);
        await using EventStream stream = await other.Client.WatchAsync(path);

        await runs.StopAsync();

        (await stream.ToEndAsync())[^1].Number("attempt").ShouldBe(2);
    }

    [Fact]
    public async Task Busy_WithManyWaiting_IsHelpedAndRunsEachOnce()
    {
        int runs = 0;
        await using TwoNodes nodes = await TwoNodes.StartAsync(
            async (_, _, cancellation) =>
            {
                Interlocked.Increment(ref runs);
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellation);
                return OperationResult.None;
            },
            ("Execution:SweepInterval", "00:00:00.3"),
            ("Execution:Workers", "2"));
        string[] paths = [.. (await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => nodes.One.Client.SubmitAsync(Inputs.Script, Inputs.Empty)))).Select(answer => TwoNodes.Path(answer.Uri))];

        JsonElement[] ends = await Task.WhenAll(paths.Select(path => nodes.Other.Client.WaitForEndAsync(path)));

        ends.ShouldAllBe(end => end.Number("status") == 0 && end.Number("attempt") == 1);
        runs.ShouldBe(60);
    }
}
