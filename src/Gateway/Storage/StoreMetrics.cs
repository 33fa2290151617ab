using System.Diagnostics.Metrics;
using RealtimeOps.Hosting;

namespace RealtimeOps.Storage;

/// <summary>Group commits in numbers.</summary>
internal sealed class StoreMetrics
{
    private static readonly InstrumentAdvice<double> Durations = new() { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] };
    private static readonly InstrumentAdvice<int> Sizes = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] };

    private readonly TimeProvider _time;
    private readonly Histogram<int> _size;
    private readonly Histogram<double> _commit;

    public StoreMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        Meter meter = meters.Create(Telemetry.Name, Telemetry.Version);
        _size = meter.CreateHistogram("realtimeops.store.batch.size", "{write}", "Writes that shared one transaction.", tags: null, Sizes);
        _commit = meter.CreateHistogram("realtimeops.store.commit.duration", "s", "How long transactions took, from their first write until they were durable.", tags: null, Durations);
    }

    public void Committed(int writes, long startedAt)
    {
        if (_commit.Enabled)
        {
            _size.Record(writes);
            _commit.Record(_time.GetElapsedTime(startedAt).TotalSeconds);
        }
    }
}
