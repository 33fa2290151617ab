using System.Diagnostics.Metrics;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;

namespace RealtimeOps.Watch;

/// <summary>Who waits at this node, in numbers.</summary>
internal sealed class WatchMetrics
{
    private const string Transport = "realtimeops.watcher.transport";

    private readonly long[] _watching = new long[Enum.GetValues<ContactWay>().Length];
    private readonly Counter<long> _cut;

    public WatchMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(Telemetry.Name, Telemetry.Version);
        _cut = meter.CreateCounter<long>("realtimeops.watchers.cut", "{watcher}", "Streams that were cut because their reader took nothing.");
        meter.CreateObservableUpDownCounter("realtimeops.watchers", Count, "{watcher}", "Requests and streams of this node that wait for something to happen.");
    }

    /// <summary>Somebody waits until the answer is disposed of.</summary>
    public Watching Begin(ContactWay way)
    {
        Interlocked.Increment(ref _watching[(int)way]);
        return new Watching(this, way);
    }

    public void Cut(ContactWay way) => _cut.Add(1, Tag(way));

    private IEnumerable<Measurement<long>> Count() =>
        from way in Enum.GetValues<ContactWay>()
        where way is not ContactWay.Poll
        select new Measurement<long>(Interlocked.Read(ref _watching[(int)way]), Tag(way));

    private static KeyValuePair<string, object?> Tag(ContactWay way) => new(Transport, way.Name());

    /// <summary>One who waits.</summary>
    public readonly struct Watching(WatchMetrics metrics, ContactWay way) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref metrics._watching[(int)way]);
    }
}
