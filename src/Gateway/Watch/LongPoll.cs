using RealtimeOps.Feed;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>Holds a request until something is so, or a time is over, or the client or the server goes.</summary>
internal sealed class LongPoll(OperationFeed feed, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>The newest snapshot when the wait is over, whatever ended it; null when the operation is gone.</summary>
    public async Task<OperationStatus?> WaitAsync(OperationKey key, Func<OperationStatus, bool> until, TimeSpan limit, CancellationToken requestAborted)
    {
        if (await feed.SubscribeAsync(key, requestAborted) is not { } watched)
        {
            return null;
        }

        (LiveOperation live, StatusSubscription subscription) = watched;
        bool over = false;
        void end()
        {
            Volatile.Write(ref over, true);
            subscription.Wake();
        }

        using (subscription)
        {
            await using ITimer timer = time.CreateTimer(_ => end(), null, limit, Timeout.InfiniteTimeSpan);
            await using CancellationTokenRegistration left = requestAborted.UnsafeRegister(_ => end(), null);
            await using CancellationTokenRegistration stopping = lifetime.ApplicationStopping.UnsafeRegister(_ => end(), null);
            while (true)
            {
                OperationStatus status = live.Current;
                if (until(status) || Volatile.Read(ref over))
                {
                    return status;
                }

                if (live.IsGone)
                {
                    return null;
                }

                await subscription.WaitAsync();
            }
        }
    }
}
