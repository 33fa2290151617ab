using System.Diagnostics.Metrics;

namespace RealtimeOps.Webhooks;

/// <summary>Callbacks in numbers, for whoever listens to the meter <c>RealtimeOps</c>.</summary>
internal sealed class DeliveryMetrics
{
    private readonly Counter<long> _attempts;
    private readonly Histogram<double> _duration;

    public DeliveryMetrics(IMeterFactory factory, IDeliveryStore store)
    {
        Meter meter = factory.Create("RealtimeOps");
        _attempts = meter.CreateCounter<long>("realtimeops.webhook.attempts", "{attempt}", "Tries of messages, by what went wrong.");
        _duration = meter.CreateHistogram<double>("realtimeops.webhook.duration", "s", "How long tries took.");
        meter.CreateObservableGauge("realtimeops.webhook.pending", () => Count(store).Pending, "{message}", "Messages that are not delivered yet.");
        meter.CreateObservableGauge("realtimeops.webhook.dead", () => Count(store).Dead, "{message}", "Messages that nobody will try again unless asked to.");
    }

    public void Tried(DeliveryAttempt attempt)
    {
        _attempts.Add(1, new KeyValuePair<string, object?>("outcome", attempt.Error ?? "delivered"));
        _duration.Record(attempt.Duration.TotalSeconds);
    }

    /// <summary>Gauges are asked synchronously; the embedded store answers so.</summary>
    private static (long Pending, long Dead) Count(IDeliveryStore store) => store.CountAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
}
