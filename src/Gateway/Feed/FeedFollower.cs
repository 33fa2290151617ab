using System.Runtime.CompilerServices;
using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>
/// One reader of the changes of many operations. It holds a number, its place in the order of changes, and no queue: each time it reads it
/// gets every operation that has changed since, once, as it is now. With a pause between reads, what happens meanwhile is merged.
/// </summary>
internal sealed class FeedFollower(OperationFeed feed, IOperationStore store, OperationFilter filter, TimeProvider time, TimeSpan pause = default) : IDisposable
{
    private const int Page = 500;
    private const int Batch = 4096;
    private const int SmallBatch = 64;

    private static readonly TimeSpan LatelyEnded = TimeSpan.FromHours(1);

    private readonly StatusSubscription _subscription = feed.Changes.FanOut.Subscribe();
    private readonly List<(OperationKey Key, long Position, GoneOperation? Gone)> _changes = [];
    private long _position;
    private bool _isLost;
    private volatile bool _heartbeatDue;
    private volatile bool _closed;

    /// <summary>Makes the reader yield a heartbeat.</summary>
    public void Beat()
    {
        _heartbeatDue = true;
        _subscription.Wake();
    }

    /// <summary>Ends the reading at the next event.</summary>
    public void Close()
    {
        _closed = true;
        _subscription.Wake();
    }

    public void Dispose() => _subscription.Dispose();

    /// <summary>Reads for ever: first what the follower does not know yet, then changes as they happen.</summary>
    /// <param name="from">What it knows; null for nothing.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<FeedEvent> ReadAsync(FeedPosition? from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _position = from?.Number ?? feed.Changes.TakePosition();
        _isLost = from is { } given && !feed.Changes.Reaches(given);
        CatchUpPosition? catchUp = from is { } known ? known.CatchUp : FromTheStart(withEnded: false);
        bool isReady = false;
        while (!_closed)
        {
            if (_isLost)
            {
                yield return new FeedEvent(FeedEventKind.Reset);
                _isLost = false;
                _position = feed.Changes.TakePosition();
                catchUp = FromTheStart(withEnded: true);
                isReady = false;
            }

            if (catchUp is { } place)
            {
                await foreach (FeedEvent recent in CatchUpAsync(place, cancellationToken))
                {
                    yield return recent;
                }

                catchUp = null;
            }

            if (_closed)
            {
                // The catch-up may have stopped half-way; the last id says where.
                yield break;
            }

            await foreach (FeedEvent change in ChangesAsync(isReady ? long.MaxValue : feed.Changes.TakePosition(), cancellationToken))
            {
                yield return change;
            }

            if (_isLost || _closed)
            {
                continue;
            }

            if (!isReady)
            {
                isReady = true;
                yield return new FeedEvent(FeedEventKind.Ready, feed.Changes.At(_position));
            }

            if (_heartbeatDue)
            {
                _heartbeatDue = false;
                yield return new FeedEvent(FeedEventKind.Heartbeat);
            }

            if (_changes.Capacity > SmallBatch)
            {
                // A burst is over; what it took must not stay with every idle reader.
                _changes.Clear();
                _changes.TrimExcess();
            }

            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await _subscription.WaitAsync();
        }
    }

    private static CatchUpPosition FromTheStart(bool withEnded) => new(withEnded, DateTimeOffset.UnixEpoch, 0);

    private async IAsyncEnumerable<FeedEvent> CatchUpAsync(CatchUpPosition place, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DateTimeOffset? endedAfter = place.WithEnded ? time.GetUtcNow() - LatelyEnded : null;
        IReadOnlyList<RecentOperation> recent = await store.ListRecentAsync(filter, endedAfter, new RecentOperation(place.UpdatedAt, place.Sequence), cancellationToken);
        for (int start = 0; start < recent.Count; start += Page)
        {
            // The store reads on the thread that asks, and others may be waiting for this one.
            await Task.Yield();
            RecentOperation[] page = [.. recent.Skip(start).Take(Page)];
            Dictionary<long, Operation> found = (await store.FindManyAsync([.. page.Select(one => one.Sequence)], cancellationToken)).ToDictionary(operation => operation.Sequence);
            foreach ((DateTimeOffset updatedAt, long sequence) in page)
            {
                if (_closed)
                {
                    yield break;
                }

                place = place with { UpdatedAt = updatedAt, Sequence = sequence };
                if (found.TryGetValue(sequence, out Operation? operation) && NewestOf(operation) is { } status)
                {
                    yield return new FeedEvent(FeedEventKind.Status, feed.Changes.At(_position) with { CatchUp = place }, status);
                }
            }
        }
    }

    private OperationStatus? NewestOf(Operation operation)
    {
        OperationStatus status = feed.Newest(operation.Key) ?? new OperationStatus(operation);
        return filter.Matches(status.Operation) && !status.Operation.IsExpired(time.GetUtcNow()) ? status : null;
    }

    /// <summary>The changes behind the present position, which moves on with them, whether they concern the follower or not.</summary>
    private async IAsyncEnumerable<FeedEvent> ChangesAsync(long upTo, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            if (!feed.Changes.TryRead(_position, _changes, Batch))
            {
                _isLost = true;
                yield break;
            }

            foreach ((OperationKey key, long number, GoneOperation? gone) in _changes)
            {
                if (_closed)
                {
                    yield break;
                }

                _position = number;
                if (await EventAsync(key, feed.Changes.At(number), gone, cancellationToken) is { } change)
                {
                    yield return change;
                }
            }
        }
        while (_changes.Count == Batch && _position < upTo && !_closed);
    }

    private async ValueTask<FeedEvent?> EventAsync(OperationKey key, FeedPosition position, GoneOperation? gone, CancellationToken cancellationToken)
    {
        if (gone is not null)
        {
            return gone.MayHaveMatched(filter) ? new FeedEvent(FeedEventKind.Gone, position, GoneUri: gone.Uri) : null;
        }

        if ((filter.Type is { } type && key.Type != type) || filter.Types?.Contains(key.Type) is false)
        {
            return null;
        }

        OperationStatus? status = feed.Newest(key) ?? await ReadAsync(key, cancellationToken);
        return status is not null && filter.Matches(status.Operation) ? new FeedEvent(FeedEventKind.Status, position, status) : null;
    }

    private async ValueTask<OperationStatus?> ReadAsync(OperationKey key, CancellationToken cancellationToken)
    {
        // The thread here may be the one that wakes all readers, and the store keeps it.
        await Task.Yield();
        return await store.FindAsync(key, cancellationToken) is { } stored ? new OperationStatus(stored) : null;
    }
}
