using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>
/// Shows what other nodes do. While it hears them, their messages keep what is in memory true; on any doubt, and each second while nothing is heard, it
/// reads again what is watched or runs here. So a lost message is no loss.
/// </summary>
internal sealed class FeedReceiver(OperationFeed feed, FeedLink link, TimeProvider time, ILogger<FeedReceiver> logger) : BackgroundService, IFeedListener
{
    /// <summary>What is held is read again after this even when all seems well: the last word, should anything above fail.</summary>
    private static readonly TimeSpan LongestTrust = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _hurry = new(0, 1);
    private readonly Lock _gate = new();
    private HashSet<OperationKey> _looks = [];
    private volatile bool _isInDoubt;
    private TimeSpan _pause = ShortestPause;

    public void Connected()
    {
        _pause = ShortestPause;
        FeedLog.Connected(logger);
        link.BeginGeneration();
        Doubt();
    }

    public void Missed()
    {
        FeedLog.Missed(logger);
        link.RenewGeneration();
        Doubt();
    }

    public void Received(FeedMessage message)
    {
        switch (message)
        {
            case FeedMessage.Changed { Status: { } status } when status.Operation.LeaseUntil <= time.GetUtcNow():
                // Of a node that was away for so long that another may have taken it over since.
                Look(status.Key);
                break;
            case FeedMessage.Changed { Status: { } status }:
                feed.Receive(status);
                break;
            case FeedMessage.Look { Key: var key }:
                Look(key);
                break;
            case FeedMessage.Gone { Last: { } last }:
                feed.Bury(last);
                break;
            case FeedMessage.Mailbox { Name: { } name }:
                link.OnMailboxChanged?.Invoke(name);
                break;
            case FeedMessage.Lost:
                Missed();
                break;
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _hurry.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (link.IsShared)
        {
            Task listening = ListenAsync(stoppingToken);
            Task keeping = KeepTrueAsync(stoppingToken);
            if (link.Backplane is not null)
            {
                // Neither may be missing without a word.
                await await Task.WhenAny(listening, keeping);
            }

            await Task.WhenAll(listening, keeping);
        }
    }

    private async Task ListenAsync(CancellationToken stopping)
    {
        while (link.Backplane is { } backplane && !stopping.IsCancellationRequested)
        {
            try
            {
                await backplane.ListenAsync(this, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                if (link.IsConnected)
                {
                    FeedLog.Disconnected(logger, failure);
                }

                link.Disconnect(failure.Message);
            }

            await Task.Delay(_pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        }
    }

    private async Task KeepTrueAsync(CancellationToken stopping)
    {
        Task hurried = _hurry.WaitAsync(stopping);
        long refreshedAt = time.GetTimestamp();
        while (!stopping.IsCancellationRequested)
        {
            if (await Task.WhenAny(hurried, Task.Delay(Beat, time, stopping)) == hurried)
            {
                hurried = _hurry.WaitAsync(stopping);
            }

            HashSet<OperationKey> looks = TakeLooks();
            try
            {
                foreach (OperationKey key in looks)
                {
                    await feed.LookAsync(key, stopping);
                }

                if (_isInDoubt || !link.IsConnected || time.GetElapsedTime(refreshedAt) >= LongestTrust)
                {
                    _isInDoubt = false;
                    await feed.RefreshAsync(stopping);
                    refreshedAt = time.GetTimestamp();
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (StoreUnavailableException)
            {
                // Those who write have said so.
                if (looks.Count > 0)
                {
                    Missed();
                }

                _isInDoubt = true;
            }
        }
    }

    /// <summary>What is in memory was read before; from here on it is kept true again. Followers cannot know what they missed.</summary>
    private void Doubt()
    {
        feed.Changes.BeginEpoch();
        _isInDoubt = true;
        Hurry();
    }

    private void Look(OperationKey key)
    {
        feed.Doubt(key);
        lock (_gate)
        {
            _looks.Add(key);
        }

        Hurry();
    }

    private HashSet<OperationKey> TakeLooks()
    {
        lock (_gate)
        {
            HashSet<OperationKey> taken = _looks;
            _looks = taken.Count == 0 ? taken : [];
            return taken.Count == 0 ? [] : taken;
        }
    }

    private void Hurry()
    {
        try
        {
            _hurry.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has been called already.
        }
    }
}
