using System.Diagnostics;
using RealtimeOps.Hosting;

namespace RealtimeOps.Webhooks;

/// <summary>The span of a try, in the trace of the submission. Its receiver is told of it, so that what it does can be part of the same trace.</summary>
internal static class DeliveryTrace
{
    /// <summary>Of the target only what holds no secret: not its path, and not its query.</summary>
    public static Activity? Start(ClaimedDelivery message)
    {
        Activity? span = Telemetry.Start("deliver webhook", ActivityKind.Client, message.TraceParent);
        return span is { IsAllDataRequested: true } && new Uri(message.Target) is var target
            ? span
                .SetTag("http.request.method", "POST")
                .SetTag("server.address", target.Host)
                .SetTag("server.port", target.Port)
                .SetTag("realtimeops.message.id", message.Id)
                .SetTag("realtimeops.operation", message.Operation)
            : span;
    }

    public static DeliveryAttempt End(Activity? span, DeliveryAttempt attempt)
    {
        span?.SetTag("http.response.status_code", attempt.Status);
        if (attempt.Error is { } error)
        {
            span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", error);
        }

        return attempt;
    }

    /// <summary>What the receiver is told while nobody here listens: a span of its own all the same.</summary>
    public static string ParentOf(ClaimedDelivery message)
    {
        ActivityContext parent = Telemetry.ContextOf(message.TraceParent);
        ActivityTraceId trace = parent.TraceId == default ? ActivityTraceId.CreateRandom() : parent.TraceId;
        string flags = parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00";
        return $"00-{trace.ToHexString()}-{ActivitySpanId.CreateRandom().ToHexString()}-{flags}";
    }
}
