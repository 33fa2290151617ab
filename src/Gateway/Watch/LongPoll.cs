using Microsoft.AspNetCore.Http;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Hosting.Security;
using RealtimeOps.Operations;
using OperationStatus = RealtimeOps.Operations.OperationStatus;

namespace RealtimeOps.Watch;

/// <summary>Holds a request until something is so, or a time is over, or the client or the server goes.</summary>
internal sealed class LongPoll(OperationFeed feed, CredentialWatch credentials, WatchMetrics metrics, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>The newest snapshot when the wait is over, whatever ended it; null when the operation is gone.</summary>
    /// <exception cref="ProblemException">The caller's credential has ended meanwhile.</exception>
    public async Task<OperationStatus?> WaitAsync(OperationKey key, Func<OperationStatus, bool> until, TimeSpan limit, HttpContext context)
    {
        CancellationToken requestAborted = context.RequestAborted;
        var caller = Caller.Of(context);
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
            using WatchMetrics.Watching watching = metrics.Begin(ContactWay.LongPoll);
            using IDisposable? credential = credentials.Add(caller, end);
            await using ITimer timer = time.CreateTimer(_ => end(), null, limit, Timeout.InfiniteTimeSpan);
            await using CancellationTokenRegistration left = requestAborted.UnsafeRegister(_ => end(), null);
            await using CancellationTokenRegistration stopping = lifetime.ApplicationStopping.UnsafeRegister(_ => end(), null);
            while (true)
            {
                OperationStatus status = live.Current;
                if (caller.IsOver(time.GetUtcNow()))
                {
                    throw new ProblemException(Problems.CredentialEnded);
                }

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
