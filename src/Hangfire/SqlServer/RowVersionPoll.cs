using RealtimeOps.Feed;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire.SqlServer;

/// <summary>Passes on what has changed since the last look. Its only state is a number of the database, so a connection that breaks in between costs nothing.</summary>
internal sealed class RowVersionPoll(IRowVersions rows, FeedEnvelopes envelopes, IFeedListener listener)
{
    public const int Page = 500;

    /// <summary>Who has looked away for longer may find messages removed.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private RowVersionMark _last;

    /// <summary>From here on everything is heard: the place is taken before anybody believes so.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        _last = await rows.MarkAsync(cancellationToken);
        envelopes.Forget();
        listener.Connected();
    }

    public async Task LookAsync(CancellationToken cancellationToken)
    {
        RowVersionMark mark = await rows.MarkAsync(cancellationToken);
        if (mark.Version < _last.Version || mark.Now - _last.Now > LongestPause.TotalMilliseconds)
        {
            // It goes back where a copy that lagged behind has taken over.
            listener.Missed();
        }

        // First the rows: of what is gone there is none any more, so nothing comes after its end.
        await PassAsync(rows.OperationsAsync, mark, changed => listener.Received(new FeedMessage.Changed(new OperationStatus(changed))), cancellationToken);
        await PassAsync(rows.EnvelopesAsync, mark, envelope => envelopes.Open(envelope, listener), cancellationToken);
        _last = mark;
    }

    private async Task PassAsync<T>(Func<long, long, int, CancellationToken, ValueTask<List<(long Version, T Value)>>> read, RowVersionMark mark, Action<T> pass, CancellationToken cancellationToken)
    {
        long from = _last.Version;
        while (from < mark.Version)
        {
            List<(long Version, T Value)> page = await read(from, mark.Version, Page, cancellationToken);
            page.ForEach(row => pass(row.Value));
            from = page.Count < Page ? mark.Version : page[^1].Version + 1;
        }
    }
}
