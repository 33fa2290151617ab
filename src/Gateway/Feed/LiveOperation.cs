using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>
/// The newest snapshot of one operation on this node, and those who wait for the next. Reporting is a memory write; a version
/// is spent only when somebody looks, so a handler may report as fast as it likes.
/// </summary>
internal sealed class LiveOperation(OperationKey key, ChangeLog changes, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly FanOut _fanOut = new();
    private ChangeLog.Change? _change;
    private OperationStatus? _newest;
    private Operation? _durable;
    private Action? _onExhausted;
    private LiveProgress _live;
    private DateTimeOffset _attemptStartedAt;
    private int _reportingAttempt;
    private volatile bool _reported;
    private bool _frozen;
    private bool _forgotten;

    public OperationKey Key => key;

    /// <summary>Only one change at a time is on its way to the store.</summary>
    public SemaphoreSlim ChangeGate { get; } = new(1, 1);

    public ContactLog Contacts { get; } = new();

    /// <summary>When it was last asked for, in the feed's own ticks; tells what may be forgotten.</summary>
    public long LastUsed { get; set; }

    public bool IsLoaded => Volatile.Read(ref _newest) is not null;

    /// <summary>What the store holds, as far as this node knows.</summary>
    public Operation Durable => Volatile.Read(ref _durable) ?? throw new InvalidOperationException($"{key} is not loaded.");

    /// <summary>The newest snapshot; never older than one that any reader of this node has seen.</summary>
    public OperationStatus Current => _reported ? Materialize() : Volatile.Read(ref _newest)!;

    /// <summary>An attempt of this node begins to report. <paramref name="onExhausted"/> is told when the reserved versions run out.</summary>
    public void BeginReporting(int attempt, Action onExhausted)
    {
        lock (_gate)
        {
            _reportingAttempt = attempt;
            _onExhausted = onExhausted;
        }
    }

    public void EndReporting(int attempt)
    {
        lock (_gate)
        {
            if (_reportingAttempt == attempt)
            {
                _reportingAttempt = 0;
                _onExhausted = null;
            }
        }
    }

    /// <summary>Takes what a handler says. Progress never falls and stays below 100; a report of an attempt that no longer holds the operation is ignored.</summary>
    public void Report(int attempt, int percent, string? activity)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            if (_reportingAttempt != attempt)
            {
                return;
            }

            int progress = Math.Max(_live.Progress, Math.Min(percent, 99));
            string? text = activity ?? _live.Activity;
            if (progress == _live.Progress && string.Equals(text, _live.Activity, StringComparison.Ordinal))
            {
                return;
            }

            _live = new LiveProgress(progress, text, _live.Version, now);
            _reported = true;
            if (_frozen)
            {
                // Nothing new could be shown now; the thaw announces it.
                return;
            }
        }

        Announce();
    }

    /// <summary>What was reported since the last write to the store.</summary>
    public LiveProgress ReadLive()
    {
        lock (_gate)
        {
            return _live;
        }
    }

    /// <summary>Makes the durable state the newest snapshot, unless a newer one is shown already, and wakes all waiters.</summary>
    /// <param name="operation">The state, as it is in the store.</param>
    /// <param name="isLoad">It was read only because somebody asked: that is no change.</param>
    public void Publish(Operation operation, bool isLoad = false)
    {
        lock (_gate)
        {
            if (_durable is { } known && known.Revision >= operation.Revision)
            {
                return;
            }

            if (operation.State.IsHeld() && (_durable is null || !_durable.State.IsHeld()))
            {
                _attemptStartedAt = operation.UpdatedAt;
                _live = default;
            }

            bool shownAlready = _newest is { } newest && newest.Version >= operation.Version;
            Volatile.Write(ref _durable, operation);
            if (shownAlready)
            {
                return;
            }

            bool more = operation.State.IsHeld() && _live.At > operation.UpdatedAt;
            _live = new LiveProgress(Math.Max(_live.Progress, operation.Progress), more ? _live.Activity : operation.Activity, operation.Version, _live.At);
            _reported = more;
            Volatile.Write(ref _newest, new OperationStatus(operation, Estimate(operation)));
            if (isLoad)
            {
                return;
            }
        }

        Announce();
    }

    /// <summary>
    /// Stops the making of snapshots while a change is on its way to the store, so that the version it takes is shown by nobody else;
    /// answers the state that the change starts from.
    /// </summary>
    public Operation Freeze()
    {
        lock (_gate)
        {
            _frozen = true;
            Operation durable = _durable!;
            return _newest is { } newest && newest.Operation.Attempt == durable.Attempt && _reportingAttempt == durable.Attempt
                ? durable.With(_live with { Version = newest.Version }).WithoutReserve()
                : durable;
        }
    }

    public void Unfreeze()
    {
        lock (_gate)
        {
            _frozen = false;
        }

        if (_reported)
        {
            Announce();
        }
    }

    /// <summary>Null when it has been forgotten: changes are published to another entry now.</summary>
    public StatusSubscription? Subscribe()
    {
        lock (_gate)
        {
            return _forgotten ? null : _fanOut.Subscribe();
        }
    }

    /// <summary>False while an attempt reports to it, somebody watches it, or a change is on its way: then it must stay.</summary>
    public bool TryForget()
    {
        lock (_gate)
        {
            return _forgotten = _reportingAttempt == 0 && _fanOut.Count == 0 && ChangeGate.CurrentCount == 1;
        }
    }

    private void Announce()
    {
        changes.Touch(Durable, ref _change);
        _fanOut.Signal();
    }

    /// <summary>Makes a snapshot of what was reported; its version is taken from the block that the store has reserved.</summary>
    private OperationStatus Materialize()
    {
        Action? exhausted = null;
        OperationStatus newest;
        lock (_gate)
        {
            newest = _newest!;
            if (!_reported || _frozen || _durable is not { } durable || !durable.State.IsHeld())
            {
                return newest;
            }

            if (newest.Version >= durable.VersionCeiling)
            {
                exhausted = _onExhausted;
            }
            else
            {
                _live = _live with { Version = newest.Version + 1 };
                Operation shown = durable.With(_live);
                newest = new OperationStatus(shown, Estimate(shown));
                Volatile.Write(ref _newest, newest);
                _reported = false;
            }
        }

        exhausted?.Invoke();
        return newest;
    }

    /// <summary>A guess is worth showing once a hundredth is done: the pace of this attempt, carried on.</summary>
    private DateTimeOffset? Estimate(Operation operation)
    {
        if (!operation.State.IsHeld() || operation.Progress < 1)
        {
            return null;
        }

        TimeSpan elapsed = operation.UpdatedAt - _attemptStartedAt;
        return elapsed > TimeSpan.Zero ? _attemptStartedAt + (elapsed * (100.0 / operation.Progress)) : null;
    }
}
