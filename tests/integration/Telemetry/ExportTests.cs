using System.Diagnostics;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Telemetry;

/// <summary>What a collector gets of the real server.</summary>
public sealed class ExportTests
{
    private static readonly string[] Metrics =
    [
        "realtimeops.operations.accepted {operation}", "realtimeops.operations.ended {operation}", "realtimeops.operations.retried {attempt}", "realtimeops.operations.unfinished {operation}",
        "realtimeops.operations.lag s", "realtimeops.operation.queue.duration s", "realtimeops.operation.run.duration s", "realtimeops.watchers {watcher}",
        "realtimeops.webhook.attempts {attempt}", "realtimeops.webhook.duration s", "realtimeops.webhook.pending {message}", "realtimeops.webhook.dead {message}",
        "realtimeops.store.batch.size {write}", "realtimeops.store.commit.duration s",
    ];

    private static string[] Hooks => ["--Webhooks:AllowedTargets:0=127.0.0.1", "--Webhooks:RetrySchedule:0=00:00:00.1"];

    [Fact]
    public async Task Export_FromSubmissionToWebhook_IsOneTrace()
    {
        using var folder = new TemporaryFolder();
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.AnsweringAsync(500);
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Path, [.. collector.Settings, .. Hooks]);
        (string trace, string parent) = (ActivityTraceId.CreateRandom().ToHexString(), ActivitySpanId.CreateRandom().ToHexString());

        Answer submitted = await server.Client.PostAsync(
            "/operations/demo.steps?secret=planted", new { steps = 1, stepMs = 0, webhook = receiver.Address + "/planted?planted=1" }, ("traceparent", $"00-{trace}-{parent}-01"));
        List<Received> tries = await receiver.NextAsync(2);

        IReadOnlyList<OtlpSpan> spans = [.. (await collector.SpansAsync(all => all.Count(span => span.TraceId == trace) >= 4)).Where(span => span.TraceId == trace)];
        OtlpSpan request = spans.Single(span => span.ParentId == parent);
        OtlpSpan run = spans.Single(span => span.Name == "run demo.steps");
        OtlpSpan[] deliveries = [.. spans.Where(span => span.Name == "deliver webhook")];
        request.Scope.ShouldBe("Microsoft.AspNetCore");
        run.ParentId.ShouldBe(request.SpanId);
        run.Attributes["realtimeops.operation.state"].ShouldBe("succeeded");
        deliveries.ShouldAllBe(span => span.ParentId == request.SpanId);
        deliveries.Select(span => $"00-{trace}-{span.SpanId}-01").ShouldBe(tries.Select(attempt => attempt.Headers["traceparent"]), ignoreOrder: true);
        deliveries[0].Attributes["error.type"].ShouldBe("status");
        spans.SelectMany(span => span.Attributes.Values).Where(value => value.Contains("planted", StringComparison.Ordinal)).ShouldBeEmpty();
        submitted.ShouldBe(202);
    }

    [Fact]
    public async Task Export_KilledBetweenSubmissionAndRun_StaysOneTrace()
    {
        using var folder = new TemporaryFolder();
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        string trace = ActivityTraceId.CreateRandom().ToHexString();
        await using (ServerProcess first = await ServerProcess.StartAsync(folder.Path, [.. collector.Settings, .. Hooks]))
        {
            (await first.Client.PostAsync("/operations/demo.steps?delay=PT5S", new { steps = 1, stepMs = 0, webhook = receiver.Address }, ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"))).ShouldBe(202);
            await first.KillAsync();
        }

        await using ServerProcess second = await ServerProcess.StartAsync(folder.Path, [.. collector.Settings, .. Hooks]);
        string told = (await receiver.NextAsync()).Headers["traceparent"];

        IReadOnlyList<OtlpSpan> spans = await collector.SpansAsync(all => all.Any(span => span.TraceId == trace && span.Name == "run demo.steps") && all.Any(span => $"00-{span.TraceId}-{span.SpanId}-01" == told));
        spans.Where(span => span.TraceId == trace).Select(span => span.Name).ShouldContain("deliver webhook");
    }

    [Fact]
    public async Task Export_OfMetrics_HasTheirNamesAndUnits()
    {
        using var folder = new TemporaryFolder();
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Path, [.. collector.Settings, .. Hooks]);

        await server.Client.SubmitAsync(Inputs.Demo, new { steps = 1, stepMs = 0, failTimes = 1, webhook = receiver.Address });
        await server.Client.SubmitAsync(Inputs.Demo, new { steps = 1, stepMs = 0 }, "?delay=PT1H");
        await receiver.NextAsync();

        IReadOnlyDictionary<string, string> metrics = await collector.MetricsAsync(all => Metrics.All(metric => all.ContainsKey(metric.Split(' ')[0])) && all.ContainsKey("http.server.request.duration"));
        Metrics.ShouldBeSubsetOf(metrics.Select(metric => $"{metric.Key} {metric.Value}"));
        metrics.Keys.ShouldContain("dotnet.gc.collections");
    }

    [Fact]
    public async Task Export_ReceiverOfMetricsOnly_CollectsNoSpans()
    {
        using var folder = new TemporaryFolder();
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        string[] settings = [.. collector.Settings.Select(setting => setting.Replace("OTLP_ENDPOINT=" + collector.Address, $"OTLP_METRICS_ENDPOINT={collector.Address}/v1/metrics", StringComparison.Ordinal))];
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Path, [.. settings, .. Hooks]);

        await server.Client.SubmitAsync(Inputs.Demo, new { steps = 1, stepMs = 0, webhook = receiver.Address });

        (await receiver.NextAsync()).Headers["traceparent"].ShouldEndWith("-00", Case.Sensitive, "It was sampled, so spans are collected.");
        await collector.MetricsAsync(all => all.ContainsKey("realtimeops.operations.accepted"));
    }

    [Fact]
    public async Task Start_CollectorThatIsNotThere_ServesAllTheSame()
    {
        using var folder = new TemporaryFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Path, ["--OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1", "--OTEL_BSP_SCHEDULE_DELAY=50"]);

        (await server.Client.RunAsync(Inputs.Demo, Inputs.Quick)).Number("status").ShouldBe(0);
        (await server.StopAsync()).ShouldBe(0);
    }
}
