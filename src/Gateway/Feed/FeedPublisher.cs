using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>
/// Tells the other nodes what changed here. It is one more reader of the changes: a number, no queue, so that what happens between two of its
/// looks is merged, and nothing waits for it.
/// </summary>
internal sealed class FeedPublisher(OperationFeed feed, FeedLink link, TimeProvider time, ILogger<FeedPublisher> logger) : BackgroundService
{
    private const int Batch = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>However much is reported here, the others are told no more than about this often; what they are told is the newest.</summary>
    private static readonly TimeSpan PausePerMessage = TimeSpan.FromMilliseconds(0.1);

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>The last word of a node would not be missed if it were not followed by another.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>When the server stops.</summary>
    private const int LastTries = 3;

    /// <summary>What could not be sent for longer may be true no more: others may have taken over what runs here.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    private readonly List<(OperationKey Key, long Position, GoneOperation? Gone)> _changes = [];
    private long _position;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (link.Backplane is not { } backplane)
        {
            return;
        }

        using StatusSubscription news = feed.Changes.FanOut.Subscribe();
        await using CancellationTokenRegistration stopping = stoppingToken.UnsafeRegister(static one => ((StatusSubscription)one!).Wake(), news);
        link.OnTold = news.Wake;
        await using (time.CreateTimer(_ => link.Tell(new FeedMessage.Beat()), null, TimeSpan.Zero, Beat))
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await news.WaitAsync();
                // The thread here may be the one that wakes all readers.
                await Task.Yield();
                int sent = await SendAllAsync(backplane, stoppingToken);
                await Task.Delay(Pause + (sent * PausePerMessage), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        link.OnTold = null;
        // What the engine wrote while it stopped.
        await SendAllAsync(backplane, stoppingToken);
    }

    /// <summary>Answers how many messages it was.</summary>
    private async Task<int> SendAllAsync(IFeedBackplane backplane, CancellationToken stopping)
    {
        int sent = 0;
        bool isMore;
        do
        {
            List<FeedMessage> messages = Collect(out isMore);
            if (messages.Count > 0 && !await TrySendAsync(backplane, messages, stopping))
            {
                return sent;
            }

            sent += messages.Count;
        }
        while (isMore);
        return sent;
    }

    /// <summary>The next messages. What other nodes told is not told again; what is gone was put into the outbox by whoever removed it.</summary>
    internal List<FeedMessage> Collect(out bool isMore)
    {
        List<FeedMessage> told = link.TakeOutbox();
        isMore = false;
        if (!feed.Changes.TryRead(_position, _changes, Batch))
        {
            _position = feed.Changes.TakePosition().Number;
            return [new FeedMessage.Lost(), .. told];
        }

        isMore = _changes.Count == Batch;
        var messages = new List<FeedMessage>(_changes.Count + told.Count);
        foreach ((OperationKey key, long position, GoneOperation? gone) in _changes)
        {
            _position = position;
            OperationStatus? status = gone is null ? feed.Newest(key) : null;
            if (status is not null && !feed.IsForeign(status))
            {
                messages.Add(new FeedMessage.Changed(status));
            }
            else if (status is null && gone is null)
            {
                messages.Add(new FeedMessage.Look(key));
            }
        }

        messages.AddRange(told);
        return messages;
    }

    /// <summary>Again and again until it is sent: what changes meanwhile is merged. False when the server stops and a few tries more do not help.</summary>
    private async Task<bool> TrySendAsync(IFeedBackplane backplane, IReadOnlyList<FeedMessage> messages, CancellationToken stopping)
    {
        bool isWarned = false;
        int lastTries = 0;
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                // A stop does not cut it short: the others would have to find out by themselves.
                await backplane.SendAsync(messages, CancellationToken.None);
                return true;
            }
            catch (StoreUnavailableException failure)
            {
                if (!isWarned)
                {
                    FeedLog.SendFailed(logger, failure);
                    isWarned = true;
                }

                bool isLast = stopping.IsCancellationRequested;
                if (isLast && ++lastTries == LastTries)
                {
                    return false;
                }

                await Task.Delay(Retry, time, isLast ? CancellationToken.None : stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (time.GetElapsedTime(start) >= LongestDelay)
                {
                    // What is gone stays so, and nobody can look it up.
                    messages = [new FeedMessage.Lost(), .. messages.OfType<FeedMessage.Gone>()];
                }
            }
        }
    }
}
