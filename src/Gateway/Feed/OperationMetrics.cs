using System.Diagnostics.Metrics;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>Operations in numbers. The types that a server knows are few, so they may be labels; anything else that is in the store counts as one.</summary>
internal sealed class OperationMetrics
{
    public const string Type = "realtimeops.operation.type";
    public const string State = "realtimeops.operation.state";

    private const string OtherType = "other";

    /// <summary>From a millisecond to hours: operations may take either.</summary>
    private static readonly InstrumentAdvice<double> Durations = new() { HistogramBucketBoundaries = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400] };

    private readonly OperationTypes _types;
    private readonly TimeProvider _time;
    private readonly SampledFigures<IReadOnlyList<UnfinishedOperations>> _unfinished;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _retried;
    private readonly Counter<long> _ended;
    private readonly Histogram<double> _queued;
    private readonly Histogram<double> _ran;

    public OperationMetrics(IMeterFactory meters, OperationTypes types, SampledFigures<IReadOnlyList<UnfinishedOperations>> unfinished, TimeProvider time)
    {
        (_types, _unfinished, _time) = (types, unfinished, time);
        Meter meter = meters.Create(Telemetry.Name, Telemetry.Version);
        _accepted = meter.CreateCounter<long>("realtimeops.operations.accepted", "{operation}", "Operations accepted by this node.");
        _retried = meter.CreateCounter<long>("realtimeops.operations.retried", "{attempt}", "Failed attempts that another one follows.");
        _ended = meter.CreateCounter<long>("realtimeops.operations.ended", "{operation}", "Operations whose end this node recorded.");
        _queued = meter.CreateHistogram("realtimeops.operation.queue.duration", "s", "From when an attempt was due to its start.", tags: null, Durations);
        _ran = meter.CreateHistogram("realtimeops.operation.run.duration", "s", "How long attempts ran, by the state in which they left the operation.", tags: null, Durations);
        meter.CreateObservableUpDownCounter("realtimeops.operations.unfinished", Unfinished, "{operation}", "Operations in the store that have not ended; every node tells of all.");
        meter.CreateObservableGauge("realtimeops.operations.lag", Lag, "s", "How long the oldest operation that could start has been waiting; every node tells of all.");
    }

    public void Accepted(Operation operation)
    {
        if (_accepted.Enabled)
        {
            _accepted.Add(1, OfType(operation));
        }
    }

    /// <summary>Told of every change, once it is durable.</summary>
    public void Changed(Operation before, Operation next)
    {
        if (next.State == before.State)
        {
            return;
        }

        switch (next.State)
        {
            case OperationState.Running when _queued.Enabled:
                _queued.Record((next.UpdatedAt - before.DueAt).TotalSeconds, OfType(next));
                break;
            case OperationState.Retrying when _retried.Enabled:
                _retried.Add(1, OfType(next));
                break;
            case var state when state.IsFinal() && _ended.Enabled:
                _ended.Add(1, OfType(next), OfState(next.State));
                break;
        }
    }

    /// <summary>An attempt is over, and has left the operation so.</summary>
    public void Ran(Operation left, long startedAt)
    {
        if (_ran.Enabled)
        {
            _ran.Record(_time.GetElapsedTime(startedAt).TotalSeconds, OfType(left), OfState(left.State));
        }
    }

    private IEnumerable<Measurement<long>> Unfinished() =>
        from same in _unfinished.Get() ?? []
        group same.Count by (Label(same.Type), same.State) into labelled
        select new Measurement<long>(labelled.Sum(), Tag(Type, labelled.Key.Item1), OfState(labelled.Key.State));

    private IEnumerable<Measurement<double>> Lag()
    {
        DateTimeOffset now = _time.GetUtcNow();
        return from same in _unfinished.Get() ?? []
               where same.State.IsWaiting()
               group Math.Max(0, (now - same.OldestDueAt).TotalSeconds) by Label(same.Type) into labelled
               select new Measurement<double>(labelled.Max(), Tag(Type, labelled.Key));
    }

    private KeyValuePair<string, object?> OfType(Operation operation) => Tag(Type, Label(operation.Key.Type));

    private static KeyValuePair<string, object?> OfState(OperationState state) => Tag(State, state.Name());

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private string Label(string type) => _types.TryFind(type, out _) ? type : OtherType;
}
