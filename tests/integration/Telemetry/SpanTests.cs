using System.Collections.Concurrent;
using System.Diagnostics;
using RealtimeOps.Execution;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Telemetry;

/// <summary>Spans as a listener in the same process sees them.</summary>
[Collection(Alone.Name)]
public sealed class SpanTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public SpanTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "RealtimeOps" or "test.handler",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Attempts_OfOneOperation_AreSpansOfOneTrace_WithTheHandlersInside()
    {
        using var source = new ActivitySource("test.handler");
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Operations:test.script:RetryDelays:0"] = "00:00:00.01" }, (_, context, _) =>
        {
            using Activity? own = source.StartActivity("own");
            if (context.Attempt < 3)
            {
                throw new OperationFailedException(1, "planted", retry: true);
            }

            return Task.FromResult(OperationResult.None);
        });
        string trace = ActivityTraceId.CreateRandom().ToHexString();

        Answer submitted = await server.Client.PostAsync("/operations/test.script", Inputs.Empty, ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"), ("Prefer", "wait=20"));

        submitted.ShouldBe(200);
        await server.StopAsync();
        Activity[] attempts = [.. Of("run test.script").OrderBy(span => span.GetTagItem("realtimeops.operation.attempt"))];
        attempts.Select(span => span.GetTagItem("realtimeops.operation.state")).ShouldBe(["retrying", "retrying", "succeeded"]);
        attempts.Select(span => span.Status).ShouldBe([ActivityStatusCode.Error, ActivityStatusCode.Error, ActivityStatusCode.Unset]);
        attempts.ShouldAllBe(span => span.TraceId.ToHexString() == trace);
        attempts.Select(span => span.ParentSpanId).Distinct().Count().ShouldBe(1, "All are children of the submission.");
        Of("own").Select(span => span.ParentSpanId).ShouldBe(attempts.Select(span => span.SpanId), ignoreOrder: true);
        _ended.SelectMany(span => span.TagObjects).ShouldAllBe(tag => !$"{tag.Value}".Contains("planted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Resubmission_LinksToTheTraceOfTheFirst()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        (string first, string second) = (ActivityTraceId.CreateRandom().ToHexString(), ActivityTraceId.CreateRandom().ToHexString());
        string uri = (await server.Client.PostAsync("/operations/test.script", Inputs.Empty, ("traceparent", $"00-{first}-00f067aa0ba902b7-01"))).Uri;
        await server.Client.WaitForEndAsync(uri);

        Answer again = await server.Client.PostAsync(uri + "/resubmit", null, ("traceparent", $"00-{second}-00f067aa0ba902b7-01"));
        await server.Client.WaitForEndAsync(again.Uri);

        await server.StopAsync();
        Activity run = Of("run test.script").Single(span => span.TraceId.ToHexString() == second);
        run.Links.Single().Context.TraceId.ToHexString().ShouldBe(first);
    }

    /// <summary>The engine is woken by requests of all kinds; whose context that was says nothing about what it then runs.</summary>
    [Fact]
    public async Task Attempt_OfASubmissionWithoutTrace_IsNotPartOfAnothersRequest()
    {
        var release = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Operations:test.script:Concurrency"] = "1" }, async (input, _, cancellation) =>
        {
            if (input.Number == 1)
            {
                await release.WaitAsync(cancellation);
            }

            return OperationResult.None;
        });
        string trace = ActivityTraceId.CreateRandom().ToHexString();
        await server.Client.PostAsync("/operations/test.script", new { number = 1 }, ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"));
        string waits = (await server.Client.PostAsync("/operations/test.script", new { number = 2 }, ("traceparent", $"00-{ActivityTraceId.CreateRandom()}-00f067aa0ba902b7-00"))).Uri;

        release.Set();
        await server.Client.WaitForEndAsync(waits);

        await server.StopAsync();
        Of("run test.script").Count(span => span.TraceId.ToHexString() == trace).ShouldBe(1);
    }

    [Fact]
    public async Task Problem_TraceId_IsThatOfTheRequest()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        string trace = ActivityTraceId.CreateRandom().ToHexString();

        Answer refused = await server.Client.GetAsync("/operations/demo.steps/nothing", ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"));

        refused.ShouldBeProblem(404).Json.Text("traceId").ShouldBe(trace);
    }

    private IEnumerable<Activity> Of(string name) => _ended.Where(span => span.OperationName == name);
}
