using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>What is learnt from elsewhere: from the store, and from other nodes.</summary>
internal sealed partial class LiveOperation
{
    private int _generation;
    private long _foreignVersion;
    private volatile bool _gone;

    /// <summary>Read from the store for somebody, and no change for anybody; but followers may know something older that was never in memory here.</summary>
    private bool _isUntold;

    /// <summary>It was removed, and nobody here has seen its end: there is nothing to wait for any more.</summary>
    public bool IsGone => _gone;

    /// <summary>The generation of the link in which it was read from the store or written to it; messages keep it true from then on.</summary>
    public int Generation
    {
        get => Volatile.Read(ref _generation);
        set => Volatile.Write(ref _generation, value);
    }

    /// <summary>Takes over what was read from the store. That is a change only if something older was shown before.</summary>
    public void Load(Operation operation)
    {
        lock (_gate)
        {
            if (_isPartial && _durable!.Revision == operation.Revision)
            {
                _durable = operation;
                _isPartial = false;
            }

            bool isFirst = _durable is null;
            _isUntold |= isFirst;
            if (_durable?.Revision >= operation.Revision || !Show_NeedsLock(operation, Estimate(operation), isForeign: true) || isFirst)
            {
                return;
            }
        }

        Announce();
    }

    /// <summary>Shows what another node says.</summary>
    public void Receive(OperationStatus status)
    {
        lock (_gate)
        {
            Operation operation = status.Operation;
            bool isShown = operation.Revision > (_durable?.Revision ?? 0)
                ? Show_NeedsLock(operation, status.EstimatedEndAt, isForeign: true, isPartial: true)
                : operation.Version > _newest!.Version && ShowForeign_NeedsLock(operation, status.EstimatedEndAt);
            if (!isShown && !_isUntold)
            {
                return;
            }

            _isUntold = false;
        }

        Announce();
    }

    /// <summary>It is not in the store any more: who still waits is told to stop.</summary>
    public void Vanish()
    {
        _gone = true;
        _fanOut.Signal();
    }

    /// <summary>Whether another node showed this snapshot, and so has told everybody.</summary>
    public bool IsForeign(OperationStatus status) => status.Version <= Volatile.Read(ref _foreignVersion);

    /// <summary>Progress does not fall because the other node had not heard of the latest; and what was reported here since stays to be shown.</summary>
    private bool ShowForeign_NeedsLock(Operation operation, DateTimeOffset? estimate)
    {
        bool isReporting = operation.State.IsHeld() && _reportingAttempt == operation.Attempt;
        Operation shown = operation;
        if (_newest is { } newest && operation.State.IsHeld() && newest.Operation.Attempt == operation.Attempt)
        {
            shown = operation with { Progress = Math.Max(operation.Progress, newest.Progress), Activity = isReporting ? newest.Activity : operation.Activity };
        }

        _live = isReporting ? _live with { Version = shown.Version } : new LiveProgress(shown.Progress, shown.Activity, shown.Version, default);
        _reported &= isReporting;
        Volatile.Write(ref _foreignVersion, shown.Version);
        Volatile.Write(ref _newest, new OperationStatus(shown, estimate));
        return true;
    }
}
