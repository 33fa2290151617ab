using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>
/// The same snapshots over SignalR: server-to-client streams, each with its own place, so that a slow client waits for itself only.
/// Nothing is ever sent to groups.
/// </summary>
internal sealed class OperationsHub(OperationFeed feed, IOperationStore store, OperationTypes types, TimeProvider time, IHostApplicationLifetime lifetime) : Hub
{
    /// <summary>Streams the snapshots of one operation to its end.</summary>
    /// <param name="uri">The status URI, absolute or its path.</param>
    /// <param name="fromVersion">The version that the client has; null for none.</param>
    /// <param name="cancellationToken">The client ended the stream.</param>
    public async IAsyncEnumerable<OperationStatus> Watch(string uri, long? fromVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (LiveOperation live, StatusSubscription subscription) = await SubscribeAsync(uri, cancellationToken);
        using (subscription)
        {
            feed.RecordContact(live, ContactWay.SignalR);
            await using CancellationTokenRegistration left = cancellationToken.UnsafeRegister(static one => ((StatusSubscription)one!).Wake(), subscription);
            while (!cancellationToken.IsCancellationRequested)
            {
                OperationStatus status = live.Current;
                if (status.Version != fromVersion)
                {
                    fromVersion = status.Version;
                    yield return status;
                }

                if (status.IsFinal)
                {
                    yield break;
                }

                await subscription.WaitAsync();
            }
        }
    }

    /// <summary>Streams the changes of all operations that the filter lets through.</summary>
    /// <param name="filter">Which operations; null for all that the caller may see.</param>
    /// <param name="position">The last position that the client has; null for none.</param>
    /// <param name="cancellationToken">The client ended the stream.</param>
    public async IAsyncEnumerable<HubFeedEvent> Follow(HubFilter? filter, string? position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var follower = new FeedFollower(feed, store, Filter(filter), time);
        await using CancellationTokenRegistration left = cancellationToken.UnsafeRegister(static one => ((FeedFollower)one!).Close(), follower);
        await using CancellationTokenRegistration stopping = lifetime.ApplicationStopping.UnsafeRegister(static one => ((FeedFollower)one!).Close(), follower);
        await foreach (FeedEvent change in follower.ReadAsync(FeedAnswer.Position(position), cancellationToken))
        {
            yield return new HubFeedEvent(change);
        }
    }

    private async Task<(LiveOperation Live, StatusSubscription Subscription)> SubscribeAsync(string uri, CancellationToken cancellationToken)
    {
        OperationKey key = HubUri.Key(uri) ?? throw Refuse(Problems.BadRequest("'uri' must be a status URI, absolute or its path."));
        if (await feed.SubscribeAsync(key, cancellationToken) is not { } watched)
        {
            throw Refuse(await store.FindTombstoneAsync(key, time.GetUtcNow(), cancellationToken) == Owner ? Problems.Gone : Problems.NotFound);
        }

        if (watched.Live.Durable.Owner != Owner || watched.Live.Durable.IsExpired(time.GetUtcNow()))
        {
            watched.Subscription.Dispose();
            throw Refuse(watched.Live.Durable.Owner == Owner ? Problems.Gone : Problems.NotFound);
        }

        return watched;
    }

    private string Owner => Context.GetHttpContext() is { } context ? Caller.Of(context).Name : Caller.Anonymous;

    private OperationFilter Filter(HubFilter? filter)
    {
        if (filter?.Type is { } type && !types.TryFind(type, out _))
        {
            throw Refuse(Problems.UnknownType(type));
        }

        return new OperationFilter
        {
            Owner = Owner,
            Type = filter?.Type,
            States = (filter?.State ?? []).Select(name => OperationStates.TryParse(name, out OperationState state)
                ? state
                : throw Refuse(Problems.BadRequest($"'{Problems.Shorten(name)}' is no state."))).ToArray(),
            Tags = (filter?.Tags ?? []).ToArray(),
        };
    }

    private static HubException Refuse(Problem problem) => new($"urn:realtimeops:{problem.Name}: {problem.Detail}");
}
