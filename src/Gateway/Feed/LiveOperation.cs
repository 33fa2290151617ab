using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>
/// The newest snapshot of one operation on this node, and those who wait for the next. Reporting is a memory write; a version
/// is spent only when somebody looks, so a handler may report as fast as it likes.
/// </summary>
internal sealed partial class LiveOperation(OperationKey key, ChangeLog changes, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly FanOut _fanOut = new();
    private ChangeLog.Change? _change;
    private OperationStatus? _newest;
    private Operation? _durable;
    private Action? _onExhausted;
    private Action<Operation>? _onTaken;
    private LiveProgress _live;
    private DateTimeOffset _attemptStartedAt;
    private int _reportingAttempt;
    private bool _isPartial;
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

    /// <summary>Changes are published to another entry now.</summary>
    public bool IsForgotten => Volatile.Read(ref _forgotten);

    /// <summary>A change is on its way to the store, or nobody knows whether it has arrived.</summary>
    public bool IsFrozen => Volatile.Read(ref _frozen);

    /// <summary>An attempt of this node reports to it, or somebody watches it.</summary>
    public bool IsHeld => IsReporting || _fanOut.Count > 0;

    /// <summary>An attempt of this node holds it: nobody knows better.</summary>
    public bool IsReporting => Volatile.Read(ref _reportingAttempt) != 0;

    /// <summary>What the store holds, as far as this node knows. What came by message lacks what only those who change it need.</summary>
    public Operation Durable => Volatile.Read(ref _durable) ?? throw new InvalidOperationException($"{key} is not loaded.");

    /// <summary>The same with nothing missing; null when that has to be read first.</summary>
    public Operation? Whole
    {
        get
        {
            lock (_gate)
            {
                return _isPartial ? null : _durable;
            }
        }
    }

    /// <summary>The newest snapshot; never older than one that any reader of this node has seen.</summary>
    public OperationStatus Current => _reported ? Materialize() : Volatile.Read(ref _newest)!;

    /// <summary>An attempt of this node begins to report.</summary>
    /// <param name="attempt">Its number.</param>
    /// <param name="onExhausted">Told when the reserved versions run out.</param>
    /// <param name="onTaken">Told, on another thread, what another node has made of the operation.</param>
    public void BeginReporting(int attempt, Action onExhausted, Action<Operation>? onTaken = null)
    {
        lock (_gate)
        {
            _reportingAttempt = attempt;
            _onExhausted = onExhausted;
            _onTaken = onTaken;
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
                _onTaken = null;
            }
        }
    }

    /// <summary>Takes what a handler says. Progress never falls and stays below 100; a report of an attempt that no longer holds the operation is ignored.</summary>
    public void Report(int attempt, int percent, string? activity)
    {
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            // Until its handler has stopped, an attempt reports that another node has replaced meanwhile.
            if (_reportingAttempt != attempt || _durable?.Attempt != attempt)
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

    /// <summary>Shows a change that was made here and is durable, unless a newer state is shown already, and wakes all waiters.</summary>
    public void Publish(Operation operation)
    {
        lock (_gate)
        {
            bool isReadBefore = _durable?.Revision == operation.Revision;
            if (isReadBefore)
            {
                // Somebody here has read it from the store before its writer was told; the other nodes have still to be told.
                Volatile.Write(ref _foreignVersion, Math.Min(_foreignVersion, operation.Version - 1));
            }
            else if (_durable?.Revision > operation.Revision || !Show_NeedsLock(operation, Estimate(operation), isForeign: false))
            {
                return;
            }
        }

        Announce();
    }

    /// <summary>
    /// Stops the making of snapshots while a change is on its way to the store, so that the version it takes is shown by nobody else;
    /// gives the state that the change starts from. False when a part of that has to be read first.
    /// </summary>
    public bool TryFreeze(out Operation before)
    {
        lock (_gate)
        {
            Operation durable = before = _durable!;
            if (_isPartial)
            {
                return false;
            }

            _frozen = true;
            if (_newest is { } newest && durable.State.IsHeld() && newest.Operation.Attempt == durable.Attempt)
            {
                before = _reportingAttempt == durable.Attempt
                    ? durable.With(_live with { Version = newest.Version }).WithoutReserve()
                    : durable with { Progress = Math.Max(durable.Progress, newest.Progress), Activity = newest.Activity };
            }

            return true;
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

    /// <summary>Tells all who wait that there is news.</summary>
    public void Announce()
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

    /// <summary>Makes it the durable state, and the newest snapshot unless a newer one is shown already; answers whether it did.</summary>
    private bool Show_NeedsLock(Operation operation, DateTimeOffset? estimate, bool isForeign, bool isPartial = false)
    {
        bool isAnotherAttempt = operation.State.IsHeld() && (_durable is not { } before || !before.State.IsHeld() || before.Attempt != operation.Attempt);
        if (isAnotherAttempt)
        {
            _attemptStartedAt = operation.UpdatedAt;
            _live = default;
            _reported = false;
        }

        Volatile.Write(ref _durable, operation);
        _isPartial = isPartial;
        if (isForeign && _onTaken is { } onTaken)
        {
            // A handler may have hung anything on being stopped; whoever brings the news does not wait for it.
            ThreadPool.UnsafeQueueUserWorkItem(static told => told.onTaken(told.operation), (onTaken, operation), preferLocal: false);
        }

        if (_newest is { } newest && newest.Version >= operation.Version)
        {
            return false;
        }

        if (isForeign)
        {
            return ShowForeign_NeedsLock(operation, estimate);
        }

        bool more = operation.State.IsHeld() && _live.At > operation.UpdatedAt;
        _live = new LiveProgress(Math.Max(_live.Progress, operation.Progress), more ? _live.Activity : operation.Activity, operation.Version, _live.At);
        _reported = more;
        Volatile.Write(ref _newest, new OperationStatus(operation, estimate));
        return true;
    }

    /// <summary>A guess is worth showing once a hundredth is done: the pace of this attempt, carried on.</summary>
    private DateTimeOffset? Estimate(Operation operation)
    {
        if (!operation.State.IsHeld() || operation.Progress < 1 || _reportingAttempt != operation.Attempt)
        {
            return null;
        }

        TimeSpan elapsed = operation.UpdatedAt - _attemptStartedAt;
        return elapsed > TimeSpan.Zero ? _attemptStartedAt + (elapsed * (100.0 / operation.Progress)) : null;
    }
}
