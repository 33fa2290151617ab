using System.Runtime.CompilerServices;
using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>
/// One reader of the changes of many operations. It holds a number, its place in the order of changes, and no queue: each time it reads it
/// gets every operation that has changed since, once, as it is now.
/// </summary>
internal sealed class FeedFollower(OperationFeed feed, IOperationStore store, OperationFilter filter, TimeProvider time) : IDisposable
{
    private const int Page = 500;
    private const int Batch = 4096;

    private static readonly TimeSpan LatelyEnded = TimeSpan.FromHours(1);

    private readonly StatusSubscription _subscription = feed.Changes.FanOut.Subscribe();
    private readonly List<(OperationKey Key, long Position, Operation? Gone)> _changes = [];
    private long _position;
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
        bool isReset = from is { } given && !feed.Changes.Reaches(given);
        if (isReset)
        {
            yield return new FeedEvent(FeedEventKind.Reset);
        }

        if (from is { CatchUp: null } known && !isReset)
        {
            _position = known.Number;
            await foreach (FeedEvent missed in ChangesAsync(feed.Changes.TakePosition(), cancellationToken))
            {
                yield return missed;
            }
        }
        else
        {
            CatchUpPosition catchUp = isReset ? FromTheStart(withEnded: true) : from?.CatchUp ?? FromTheStart(withEnded: false);
            _position = isReset || from is null ? feed.Changes.TakePosition() : from.Value.Number;
            await foreach (FeedEvent recent in CatchUpAsync(catchUp, cancellationToken))
            {
                yield return recent;
            }
        }

        yield return new FeedEvent(FeedEventKind.Ready, feed.Changes.At(_position));
        while (!_closed)
        {
            await foreach (FeedEvent change in ChangesAsync(long.MaxValue, cancellationToken))
            {
                yield return change;
            }

            if (_heartbeatDue)
            {
                _heartbeatDue = false;
                yield return new FeedEvent(FeedEventKind.Heartbeat);
            }

            await _subscription.WaitAsync();
        }
    }

    private static CatchUpPosition FromTheStart(bool withEnded) => new(withEnded, DateTimeOffset.UnixEpoch, 0);

    private async IAsyncEnumerable<FeedEvent> CatchUpAsync(CatchUpPosition place, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DateTimeOffset? endedAfter = place.WithEnded ? time.GetUtcNow() - LatelyEnded : null;
        IReadOnlyList<Operation> page;
        do
        {
            page = await store.ListRecentAsync(filter, endedAfter, place.UpdatedAt, place.Sequence, Page, cancellationToken);
            foreach (Operation operation in page)
            {
                place = place with { UpdatedAt = operation.UpdatedAt, Sequence = operation.Sequence };
                OperationStatus status = feed.Newest(operation.Key) ?? new OperationStatus(operation);
                if (filter.Matches(status.Operation) && !status.Operation.IsExpired(time.GetUtcNow()))
                {
                    yield return new FeedEvent(FeedEventKind.Status, feed.Changes.At(_position) with { CatchUp = place }, status);
                }
            }
        }
        while (page.Count == Page && !_closed);
    }

    /// <summary>The changes behind the present position, which moves on with them, whether they concern the follower or not.</summary>
    private async IAsyncEnumerable<FeedEvent> ChangesAsync(long upTo, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            feed.Changes.Read(_position, _changes, Batch);
            foreach ((OperationKey key, long number, Operation? gone) in _changes)
            {
                _position = number;
                if (await EventAsync(key, feed.Changes.At(number), gone, cancellationToken) is { } change)
                {
                    yield return change;
                }
            }
        }
        while (_changes.Count == Batch && _position < upTo && !_closed);
    }

    private async ValueTask<FeedEvent?> EventAsync(OperationKey key, FeedPosition position, Operation? gone, CancellationToken cancellationToken)
    {
        if (gone is not null)
        {
            return filter.MatchesWhatStays(gone) ? new FeedEvent(FeedEventKind.Gone, position, GoneUri: gone.Uri) : null;
        }

        OperationStatus? status = feed.Newest(key) ?? (await store.FindAsync(key, cancellationToken) is { } stored ? new OperationStatus(stored) : null);
        return status is not null && filter.Matches(status.Operation) ? new FeedEvent(FeedEventKind.Status, position, status) : null;
    }
}
