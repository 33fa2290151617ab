using System.Data.Common;
using RealtimeOps.Feed;
using RealtimeOps.Storage;
using RealtimeOps.Storage.Shared;

namespace RealtimeOps.Hangfire.SqlServer;

/// <summary>
/// Reads the rows that were changed, again and again: SQL Server has nothing that wakes many. So a change is told by being written, and only what leaves no row behind is sent, by a row of
/// its own: that an operation is gone, and that a mailbox has changed.
/// </summary>
internal sealed class SqlServerBackplane(SharedDatabase database, IRowVersions rows, TimeSpan interval, TimeProvider time) : IFeedBackplane
{
    /// <summary>A page of them is to fit into memory.</summary>
    private const int Longest = 32 * 1024;

    /// <summary>Far longer than <see cref="RowVersionPoll.LongestPause"/>.</summary>
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(10);

    private readonly FeedEnvelopes _envelopes = new(Longest);
    private readonly string _send =
        $"""
        DECLARE @now bigint = ({database.Now});
        DELETE TOP (1000) FROM feed_messages WITH (READPAST, READCOMMITTEDLOCK) WHERE sent_at < @now - ?2;
        INSERT INTO feed_messages (sent_at, envelope) VALUES (@now, ?1)
        """;

    public async Task SendAsync(IReadOnlyList<FeedMessage> messages, CancellationToken cancellationToken)
    {
        try
        {
            foreach (string envelope in _envelopes.Pack(messages.Where(message => message is FeedMessage.Gone or FeedMessage.Mailbox or FeedMessage.Lost)))
            {
                await database.ExecuteAsync(_send, cancellationToken, envelope, (long)Keep.TotalMilliseconds);
            }
        }
        catch (Exception failure) when (failure is DbException || database.Judge(failure, isCommitting: false) is WriteFailure.Passing)
        {
            throw new StoreUnavailableException(failure.Message, failure);
        }
    }

    public async Task ListenAsync(IFeedListener listener, CancellationToken cancellationToken)
    {
        var poll = new RowVersionPoll(rows, _envelopes, listener);
        try
        {
            await poll.BeginAsync(cancellationToken);
            while (true)
            {
                await Task.Delay(interval, time, cancellationToken);
                await poll.LookAsync(cancellationToken);
            }
        }
        catch (Exception failure) when (cancellationToken.IsCancellationRequested && failure is not OperationCanceledException)
        {
            // The client tells a cancelled command from a failed one by its text only.
            throw new OperationCanceledException(failure.Message, failure, cancellationToken);
        }
    }
}
