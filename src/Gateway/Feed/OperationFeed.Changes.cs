using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>Changes: written first, then shown.</summary>
internal sealed partial class OperationFeed
{
    /// <summary>
    /// Lets <paramref name="decide"/> make the next state from the present one, writes it, and shows it once it is durable. Answers null
    /// when <paramref name="decide"/> refuses; decides again when another node was faster.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was changed.</exception>
    public async ValueTask<Operation?> ChangeAsync(
        LiveOperation live,
        Func<Operation, Operation?> decide,
        Func<Operation, IReadOnlyList<HistoryEvent>> history,
        Payload? result = null)
    {
        await live.ChangeGate.WaitAsync();
        bool isInDoubt = live.IsFrozen;
        try
        {
            // What this node remembers may be out of date where others write too: no is said only to the newest state.
            bool isNewest = !store.IsShared;
            while (true)
            {
                Operation before = await FreezeAsync(live);
                int generation = link.Generation;
                if (decide(before) is not { } next)
                {
                    if (isNewest && !isInDoubt)
                    {
                        return null;
                    }

                    Operation? present = await store.FindAsync(live.Key, CancellationToken.None);
                    isInDoubt = false;
                    if (present is null || present.Revision <= before.Revision)
                    {
                        return null;
                    }

                    live.Load(present);
                    isNewest = true;
                    continue;
                }

                if (ReferenceEquals(next, before))
                {
                    return next;
                }

                if (await store.UpdateAsync(next, history(next), result))
                {
                    isInDoubt = false;
                    queued.Follow(before, next);
                    Show(live, before, next, generation);
                    return next;
                }

                await ReloadAsync(live, before);
                isInDoubt = false;
            }
        }
        catch (StoreUnavailableException failure) when (failure.IsOutcomeUnknown)
        {
            isInDoubt = true;
            throw;
        }
        finally
        {
            Thaw(live, isInDoubt);
        }
    }

    /// <summary>Links an ended operation with the one that repeats it; both are shown once both are durable.</summary>
    public async ValueTask<LiveOperation> ResubmitAsync(LiveOperation ended, Operation successor, DateTimeOffset now)
    {
        await ended.ChangeGate.WaitAsync();
        bool isInDoubt = ended.IsFrozen;
        try
        {
            while (true)
            {
                Operation before = await FreezeAsync(ended);
                int generation = link.Generation;
                Operation next = before.LinkResubmission(successor.Key, now);
                if (await store.ResubmitAsync(successor, next, [new HistoryEvent(now, HistoryEvent.Resubmitted, Detail: successor.Key.ToString())]) is { } accepted)
                {
                    isInDoubt = false;
                    Show(ended, next, generation);
                    return Add(accepted);
                }

                await ReloadAsync(ended, before);
                isInDoubt = false;
            }
        }
        catch (StoreUnavailableException failure) when (failure.IsOutcomeUnknown)
        {
            isInDoubt = true;
            throw;
        }
        finally
        {
            Thaw(ended, isInDoubt);
        }
    }

    private async ValueTask<Operation> FreezeAsync(LiveOperation live)
    {
        Operation before;
        while (!live.TryFreeze(out before))
        {
            live.Load(await ReadAsync(live, before.Revision));
        }

        return before;
    }

    /// <summary>Lets the next one change it. What may have been written has taken its version: no other snapshot is made with it until the store has told.</summary>
    private static void Thaw(LiveOperation live, bool isInDoubt)
    {
        if (!isInDoubt)
        {
            live.Unfreeze();
        }

        live.ChangeGate.Release();
    }

    /// <summary>Another node was faster: decide anew from what it left.</summary>
    private async ValueTask ReloadAsync(LiveOperation live, Operation before) => live.Load(await ReadAsync(live, before.Revision + 1));

    private async ValueTask<Operation> ReadAsync(LiveOperation live, long revision)
    {
        Operation present = await store.FindAsync(live.Key, CancellationToken.None)
            ?? throw new StoreUnavailableException($"{live.Key} has been removed meanwhile.");
        return present.Revision >= revision
            ? present
            : throw new InvalidOperationException($"{live.Key} must be at revision {revision}, and the store holds revision {present.Revision}.");
    }

    /// <summary>Whoever it wakes may look into the log or the metrics.</summary>
    private void Show(LiveOperation live, Operation before, Operation next, int generation)
    {
        try
        {
            journal.Changed(before, next);
        }
        finally
        {
            Show(live, next, generation);
        }
    }

    private void Show(LiveOperation live, Operation next, int generation)
    {
        live.Publish(next);
        live.Generation = generation;
        if (_operations.Entry(next.Key) is { } known && known != live)
        {
            known.Publish(next);
        }
    }
}
