using System.Diagnostics.Metrics;
using RealtimeOps.Hosting;

namespace RealtimeOps.Webhooks;

/// <summary>Callbacks in numbers, for whoever listens to the meter <c>RealtimeOps</c>.</summary>
internal sealed class DeliveryMetrics
{
    private static readonly InstrumentAdvice<double> Durations = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15] };

    private readonly SampledFigures<Tuple<long, long>> _waiting;
    private readonly Counter<long> _attempts;
    private readonly Histogram<double> _duration;

    public DeliveryMetrics(IMeterFactory meters, IDeliveryStore store, TimeProvider time)
    {
        _waiting = new SampledFigures<Tuple<long, long>>(async token => (await store.CountAsync(token)).ToTuple(), time);
        Meter meter = meters.Create(Telemetry.Name, Telemetry.Version);
        _attempts = meter.CreateCounter<long>("realtimeops.webhook.attempts", "{attempt}", "Tries of messages, by what went wrong.");
        _duration = meter.CreateHistogram("realtimeops.webhook.duration", "s", "How long tries took.", tags: null, Durations);
        meter.CreateObservableGauge("realtimeops.webhook.pending", () => Waiting(count => count.Item1), "{message}", "Messages that are not delivered yet.");
        meter.CreateObservableGauge("realtimeops.webhook.dead", () => Waiting(count => count.Item2), "{message}", "Messages that nobody will try again unless asked to.");
    }

    public void Tried(DeliveryAttempt attempt)
    {
        _attempts.Add(1, new KeyValuePair<string, object?>("realtimeops.webhook.outcome", attempt.Error ?? "delivered"));
        _duration.Record(attempt.Duration.TotalSeconds);
    }

    private IEnumerable<Measurement<long>> Waiting(Func<Tuple<long, long>, long> part) => _waiting.Get() is { } count ? [new Measurement<long>(part(count))] : [];
}
