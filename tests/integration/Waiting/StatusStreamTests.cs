using System.Net.ServerSentEvents;
using System.Text.Json;
using RealtimeOps.Execution;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Waiting;

public sealed class StatusStreamTests(SharedServer shared) : SharedServerTests(shared)
{
    [Fact]
    public async Task Watch_Idle_SendsRetryAndTheNewestSnapshotAtOnce()
    {
        Answer submitted = await Client.SubmitAsync(Inputs.Demo, Inputs.Endless, "?delay=PT1H");
        long start = TimeProvider.System.GetTimestamp();

        await using EventStream stream = await Client.WatchAsync(submitted.Uri);
        SseItem<string> first = (await stream.NextAsync())!.Value;

        TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        stream.ReconnectionInterval.ShouldBe(TimeSpan.FromSeconds(2));
        stream.LastEventId.ShouldBe(submitted.Json.Number("version").ToString());
        first.EventType.ShouldBe("message");
        first.Data.ShouldNotContain('\n');
        JsonDocument.Parse(first.Data).RootElement.Text("uri").ShouldBe(submitted.Uri);
    }

    [Fact]
    public async Task Watch_Any_HasTheHeadersThatKeepProxiesFromHoldingItBack()
    {
        Answer submitted = await Client.SubmitAsync(Inputs.Demo, Inputs.Endless);

        await using EventStream stream = await Client.WatchAsync(submitted.Uri, ("Accept-Encoding", "gzip, br"));

        ((int)stream.Response.StatusCode).ShouldBe(200);
        stream.Response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        stream.Response.Headers.CacheControl!.NoCache.ShouldBeTrue();
        stream.Response.Headers.CacheControl.NoTransform.ShouldBeTrue();
        stream.Response.Headers.GetValues("X-Accel-Buffering").ShouldBe(["no"]);
        stream.Response.Content.Headers.ContentEncoding.ShouldBe(["identity"]);
        stream.Response.Content.Headers.ContentLength.ShouldBeNull();
    }

    [Fact]
    public async Task Watch_ToTheEnd_VersionsRiseProgressNeverFallsAndTheFinalIsLast()
    {
        Answer submitted = await Client.SubmitAsync(Inputs.Demo, new { steps = 50, stepMs = 10 });

        await using EventStream stream = await Client.WatchAsync(submitted.Uri);
        List<JsonElement> all = await stream.ToEndAsync();

        all.Zip(all.Skip(1)).ShouldAllBe(pair => pair.First.Number("version") < pair.Second.Number("version") && pair.First.Number("progress") <= pair.Second.Number("progress"));
        all.SkipLast(1).ShouldAllBe(status => status.Number("progress") < 100);
        all[^1].Number("progress").ShouldBe(100);
        all[^1].Number("status").ShouldBe(0);
        stream.LastEventId.ShouldBe(all[^1].Number("version").ToString());
    }

    [Fact]
    public async Task Watch_Ended_SendsTheFinalAndEnds()
    {
        JsonElement end = await Client.RunAsync(Inputs.Demo, Inputs.Quick);

        await using EventStream stream = await Client.WatchAsync(end.Text("uri")!);

        (await stream.ToEndAsync()).ShouldHaveSingleItem().GetRawText().ShouldBe(end.GetRawText());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task Watch_LastEventIdAtOrPastTheEnd_Is204(int past)
    {
        JsonElement end = await Client.RunAsync(Inputs.Demo, Inputs.Quick);
        string id = (end.Number("version") + past).ToString()!;

        Answer header = await Client.GetAsync(end.Text("uri")!, ("Accept", "text/event-stream"), ("Last-Event-ID", id));
        Answer query = await Client.GetAsync(end.Text("uri") + "?lastEventId=" + id, ("Accept", "text/event-stream"));

        header.ShouldBe(204);
        query.ShouldBe(204);
    }

    [Fact]
    public async Task Watch_LastEventIdOfTheEndAfterTheExpiryMoved_Is204()
    {
        JsonElement end = await Client.RunAsync(Inputs.Demo, Inputs.Quick);
        string uri = end.Text("uri")!;
        (await Client.PatchAsync(uri, new { expiresAt = GatewayClient.Text(TimeProvider.System.GetUtcNow().AddHours(1)) })).ShouldBe(200);

        (await Client.GetAsync(uri, ("Accept", "text/event-stream"), ("Last-Event-ID", end.Number("version").ToString()!))).ShouldBe(204);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("0")]
    [InlineData("not-ours")]
    [InlineData("")]
    public async Task Watch_OlderOrUnknownLastEventId_SendsTheFinal(string id)
    {
        JsonElement end = await Client.RunAsync(Inputs.Demo, Inputs.Quick);

        await using EventStream stream = await Client.WatchAsync(end.Text("uri")!, ("Last-Event-ID", id));

        (await stream.ToEndAsync()).ShouldHaveSingleItem().Number("progress").ShouldBe(100);
    }

    [Fact]
    public async Task Watch_LastEventIdIsTheNewest_SendsOnlyWhatComesAfter()
    {
        var report = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(script: async (_, context, cancellation) =>
        {
            await report.WaitAsync(cancellation);
            context.Report(30, "Thirty.");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return OperationResult.None;
        });
        string uri = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        JsonElement running = await server.Client.WaitForStateAsync(uri, "running");

        await using EventStream stream = await server.Client.WatchAsync(uri, ("Last-Event-ID", running.Number("version").ToString()!));
        report.Set();

        (await stream.NextStatusAsync())!.Value.Number("progress").ShouldBe(30);
    }

    [Fact]
    public async Task Watch_NothingHappens_SendsHeartbeatsWithoutId()
    {
        Answer submitted = await Client.SubmitAsync(Inputs.Demo, Inputs.Endless, "?delay=PT1H");
        await using EventStream stream = await Client.WatchAsync(submitted.Uri);
        await stream.NextAsync();
        string id = stream.LastEventId;
        long start = TimeProvider.System.GetTimestamp();

        SseItem<string> heartbeat = (await stream.NextAsync())!.Value;

        heartbeat.EventType.ShouldBe("heartbeat");
        heartbeat.Data.ShouldBe("{}");
        stream.LastEventId.ShouldBe(id);
        TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(24));
    }

    [Fact]
    public async Task Watch_FastHandler_SkipsButNeverTheFinal()
    {
        const int steps = 20_000;
        Answer submitted = await Client.SubmitAsync(Inputs.Demo, new { steps, stepMs = 0.05, stamp = true });

        await using EventStream stream = await Client.WatchAsync(submitted.Uri);
        List<JsonElement> all = await stream.ToEndAsync();

        all[^1].Number("progress").ShouldBe(100);
        all.Count.ShouldBeLessThan(steps);
        all.Zip(all.Skip(1)).ShouldAllBe(pair => pair.First.Number("version") < pair.Second.Number("version"));
    }

    [Fact]
    public async Task Watch_NotThere_Is404() =>
        (await Client.GetAsync("/operations/demo.steps/nowhere", ("Accept", "text/event-stream"))).ShouldBeProblem(404);

    [Fact]
    public async Task Watch_JsonLines_IsAStatusALineToTheEnd()
    {
        Answer submitted = await Client.SubmitAsync(Inputs.Demo, new { steps = 5, stepMs = 20 });

        Answer answer = (await Client.GetAsync(submitted.Uri, ("Accept", "application/jsonl"))).ShouldBe(200);

        answer["Content-Type"].ShouldBe("application/jsonl");
        string[] lines = answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        JsonDocument.Parse(lines[^1]).RootElement.Number("progress").ShouldBe(100);
        lines.ShouldAllBe(line => JsonDocument.Parse(line).RootElement.Text("uri") == submitted.Uri);
        answer.Text.ShouldEndWith("}\n");
    }

    [Fact]
    public async Task Watch_ShutDown_EndsTheStreamOnAWholeEvent()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Streams:Drain"] = "00:00:00.5" });
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, new { steps = 100_000, stepMs = 1 })).Uri;
        using var client = new GatewayClient(server.Client.Address);
        using HttpResponseMessage response = await client.OpenAsync(HttpMethod.Get, uri, null, ("Accept", "text/event-stream"));
        Task<string> body = response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        await server.StopAsync();

        (await body.Limited()).ShouldEndWith("\n\n");
    }
}
