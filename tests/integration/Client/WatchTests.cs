using System.Net;
using RealtimeOps.Client;
using RealtimeOps.Execution;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Client;

public sealed class WatchTests
{
    private static readonly object ThreeSteps = new { steps = 3, stepMs = 200, message = "All done." };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(WatchTransport.Auto, "sse")]
    [InlineData(WatchTransport.EventStream, "sse")]
    [InlineData(WatchTransport.LongPoll, "longpoll")]
    [InlineData(WatchTransport.Poll, "GET")]
    public async Task Watch_ToTheEnd_ShowsRisingVersionsAndTheFinalSnapshotLast(WatchTransport transport, string way)
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        Middlebox box = Middlebox.Transparent();
        RealtimeOpsClient client = server.NewClient(box);
        OperationHandle operation = await client.SubmitAsync(Inputs.Demo, ThreeSteps, cancellationToken: Cancellation);

        List<OperationStatus> seen = await operation.WatchAsync(new WatchOptions { Transport = transport }, Cancellation).ToListAsync();

        seen.Select(status => status.Version).ShouldBeInOrder(SortDirection.Ascending);
        seen.Select(status => status.Version).ShouldBeUnique();
        seen.SkipLast(1).ShouldAllBe(status => !status.IsFinal);
        seen[^1].ShouldSatisfyAllConditions(
            final => final.Succeeded.ShouldBeTrue(),
            final => final.Message.ShouldBe("All done."),
            final => final.Uri.ShouldBe(operation.Uri));
        box.Seen.ElementAt(1).ShouldBe(way);
        if (transport != WatchTransport.Auto)
        {
            // Which may have taken a pause of the machine for a stream that is held back.
            box.Seen.Skip(1).Distinct().ShouldBe([way]);
        }
    }

    [Fact]
    public async Task Watch_AfterTheEnd_ShowsItAtOnce()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        RealtimeOpsClient client = server.NewClient();
        var uri = new Uri((await server.Client.RunAsync(Inputs.Demo, Inputs.Quick)).Text("uri")!);

        (await client.WatchAsync(uri, cancellationToken: Cancellation).ToListAsync()).ShouldHaveSingleItem().Succeeded.ShouldBeTrue();
        (await client.WatchAsync(new Uri(uri.AbsolutePath, UriKind.Relative), cancellationToken: Cancellation).ToListAsync()).ShouldHaveSingleItem().Succeeded.ShouldBeTrue();
    }

    [Theory]
    [InlineData(WatchTransport.Auto)]
    [InlineData(WatchTransport.LongPoll)]
    [InlineData(WatchTransport.Poll)]
    public async Task Watch_ServerRestarted_GoesOnToTheEnd(WatchTransport transport)
    {
        var end = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Execution:StopGrace"] = "00:00:00.1" }, async (_, context, cancellation) =>
        {
            if (context.Attempt > 1)
            {
                context.Report(50.0, "again");
                await end.WaitAsync(cancellation);
            }

            await Task.Delay(context.Attempt > 1 ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return OperationResult.None;
        });
        OperationHandle operation = await server.NewClient().SubmitAsync(Inputs.Script, Inputs.Empty, cancellationToken: Cancellation);
        await using IAsyncEnumerator<OperationStatus> watch = operation.WatchAsync(new WatchOptions { Transport = transport }, Cancellation)
            .GetAsyncEnumerator(Cancellation);
        List<OperationStatus> before = await watch.ReadUntilAsync(status => status.State is OperationState.Running);

        await server.RestartAsync();
        List<OperationStatus> between = await watch.ReadUntilAsync(status => status.Attempt == 2);
        end.Set();
        List<OperationStatus> after = await watch.ReadUntilAsync(status => status.IsFinal);

        after[^1].Succeeded.ShouldBeTrue();
        before.Concat(between).Concat(after).Select(status => status.Version).ShouldBeInOrder(SortDirection.Ascending);
        (await watch.MoveNextAsync().AsTask().Limited()).ShouldBeFalse();
    }

    [Fact]
    public async Task Watch_StreamHeldBack_FallsBackToLongPoll()
    {
        Signal[] answered = [new(), new()];
        await using GatewayServer server = await GatewayServer.StartAsync(script: async (_, context, cancellation) =>
        {
            context.Report(10.0, "one");
            await answered[0].WaitAsync(cancellation);
            context.Report(50.0, "two");
            await answered[1].WaitAsync(cancellation);
            return OperationResult.None;
        });
        int longPolls = 0;
        var box = new Middlebox(async (request, send, _) =>
        {
            if (Middlebox.IsStream(request))
            {
                return Answers.HeldBack();
            }

            HttpResponseMessage response = await send();
            if (Middlebox.IsLongPoll(request) && response.IsSuccessStatusCode && longPolls < answered.Length)
            {
                answered[longPolls++].Set();
            }

            return response;
        });
        RealtimeOpsClient client = server.NewClient(box);
        OperationHandle operation = await client.SubmitAsync(Inputs.Script, Inputs.Empty, cancellationToken: Cancellation);

        List<OperationStatus> seen = await operation.WatchAsync(cancellationToken: Cancellation).ToListAsync();

        seen.Count.ShouldBeGreaterThan(2, "Long polls show the changes.");
        seen[^1].Succeeded.ShouldBeTrue();
        box.Seen.ShouldContain("longpoll");
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/json")]
    public async Task Watch_StreamAndLongPollRefused_FallsBackToPolling(string mediaType)
    {
        var polled = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(script: Scripts.Until(polled));
        var box = new Middlebox(async (request, send, _) =>
        {
            if (Middlebox.IsStream(request))
            {
                return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("{}", System.Text.Encoding.UTF8, mediaType) };
            }

            if (request.Method == HttpMethod.Get && !Middlebox.IsLongPoll(request))
            {
                polled.Set();
            }

            request.Headers.Remove("Prefer");
            return await send();
        });
        OperationHandle operation = await server.NewClient(box).SubmitAsync(Inputs.Script, Inputs.Empty, cancellationToken: Cancellation);

        List<OperationStatus> seen = await operation.WatchAsync(cancellationToken: Cancellation).ToListAsync();

        seen[^1].Succeeded.ShouldBeTrue();
        box.Seen.Skip(1).Take(3).ShouldBe(["sse", "longpoll", "GET"]);
    }

    [Fact]
    public async Task Watch_StreamWorksAgainLater_ClimbsBack()
    {
        var end = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(script: async (_, _, cancellation) =>
        {
            await end.WaitAsync(cancellation);
            return OperationResult.None;
        });
        var streams = new List<bool>();
        var longPolled = new Signal();
        var streamed = new Signal();
        var box = new Middlebox(async (request, send, _) =>
        {
            if (Middlebox.IsStream(request))
            {
                streams.Add(true);
                if (streams.Count == 1)
                {
                    return Answers.Of(HttpStatusCode.NotAcceptable);
                }

                streamed.Set();
            }
            else if (Middlebox.IsLongPoll(request))
            {
                longPolled.Set();
                // As if the wait were over.
                request.Headers.Remove("Prefer");
                request.Headers.Add("Prefer", "wait=1");
            }

            return await send();
        });
        OperationHandle operation = await new RealtimeOpsClient(new HttpClient(box) { BaseAddress = server.Client.Address }, new HastyTime())
            .SubmitAsync(Inputs.Script, Inputs.Empty, cancellationToken: Cancellation);
        Task<List<OperationStatus>> watch = operation.WatchAsync(cancellationToken: Cancellation).ToListAsync();
        await longPolled.ReachedAsync();

        await streamed.ReachedAsync();
        end.Set();

        (await watch)[^1].Succeeded.ShouldBeTrue();
        streams.Count.ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task Watch_ToldTooManyRequests_WaitsAsLongAsTold()
    {
        var end = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Polling:Mode"] = "strict" }, Scripts.Until(end));
        var asked = new List<long>();
        var box = new Middlebox(async (request, send, _) =>
        {
            if (request.Method == HttpMethod.Get)
            {
                asked.Add(TimeProvider.System.GetTimestamp());
            }

            if (asked.Count == 3)
            {
                end.Set();
            }

            return asked.Count == 2 ? Answers.Of(HttpStatusCode.TooManyRequests, "2") : await send();
        });
        OperationHandle operation = await server.NewClient(box).SubmitAsync(Inputs.Script, Inputs.Empty, cancellationToken: Cancellation);

        List<OperationStatus> seen = await operation.WatchAsync(new WatchOptions { Transport = WatchTransport.Poll }, Cancellation).ToListAsync();

        seen[^1].Succeeded.ShouldBeTrue();
        TimeProvider.System.GetElapsedTime(asked[1], asked[2]).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Watch_UnknownOperation_IsRefusedAtOnce()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();

        ProblemException refused = await Should.ThrowAsync<ProblemException>(() => server.NewClient().WatchAsync(new Uri("/operations/demo.steps/none", UriKind.Relative), cancellationToken: Cancellation).ToListAsync());

        refused.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        refused.Problem.Type.ShouldBe("urn:realtimeops:not-found");
    }

    [Fact]
    public async Task Watch_ServerStaysAway_GivesUpAfterItsPatience()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        OperationHandle operation = await server.NewClient().SubmitAsync(Inputs.Demo, Inputs.Endless, cancellationToken: Cancellation);
        await using IAsyncEnumerator<OperationStatus> watch = operation.WatchAsync(new WatchOptions { Patience = TimeSpan.FromSeconds(1) }, Cancellation)
            .GetAsyncEnumerator(Cancellation);
        await watch.ReadUntilAsync(status => status.State is OperationState.Running);

        await server.StopAsync();

        await Should.ThrowAsync<HttpRequestException>(async () => await watch.ReadUntilAsync(status => status.IsFinal));
    }

    [Fact]
    public async Task Watch_SlowReader_GetsTheNewest()
    {
        var reported = new Signal();
        var end = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(script: async (_, context, cancellation) =>
        {
            for (int percent = 1; percent <= 90; percent++)
            {
                context.Report((double)percent, "busy");
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellation);
            }

            reported.Set();
            await end.WaitAsync(cancellation);
            return OperationResult.None;
        });
        OperationHandle operation = await server.NewClient().SubmitAsync(Inputs.Script, Inputs.Empty, cancellationToken: Cancellation);
        await using IAsyncEnumerator<OperationStatus> watch = operation.WatchAsync(cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        await watch.ReadUntilAsync(_ => true);

        await reported.ReachedAsync();
        end.Set();
        List<OperationStatus> rest = await watch.ReadUntilAsync(status => status.IsFinal);

        rest.Count.ShouldBeLessThan(45, "What is outdated is skipped.");
    }

    [Fact]
    public async Task Watch_CallerHasEnough_EndsTheRequest()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        OperationHandle operation = await server.NewClient().SubmitAsync(Inputs.Demo, Inputs.Endless, cancellationToken: Cancellation);
        using var stop = new CancellationTokenSource();
        await using IAsyncEnumerator<OperationStatus> watch = operation.WatchAsync(cancellationToken: stop.Token).GetAsyncEnumerator(Cancellation);
        await watch.ReadUntilAsync(_ => true);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await watch.ReadUntilAsync(status => status.IsFinal));
    }

    /// <summary>Runs six times as fast for what looks at the clock; timers run as they do.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override long GetTimestamp() => System.GetTimestamp() * 6;
    }
}
