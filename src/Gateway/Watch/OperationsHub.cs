using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>
/// The same snapshots over SignalR: server-to-client streams, each with its own place, so that a slow client waits for itself only.
/// Nothing is ever sent to groups.
/// </summary>
internal sealed class OperationsHub(OperationFeed feed, IOperationStore store, OperationTypes types, TimeProvider time, ILogger<OperationsHub> logger) : Hub
{
    /// <summary>Streams the snapshots of one operation to its end.</summary>
    /// <param name="uri">The status URI, absolute or its path.</param>
    /// <param name="fromVersion">The version that the client has; null for none.</param>
    /// <param name="cancellationToken">The client ended the stream.</param>
    public IAsyncEnumerable<OperationStatus> Watch(string uri, long? fromVersion, CancellationToken cancellationToken) =>
        WatchAsync(uri, fromVersion, Owner, cancellationToken).AsHubStream(logger, cancellationToken);

    /// <summary>Streams the changes of all operations that the filter lets through.</summary>
    /// <param name="filter">Which operations, a <see cref="HubFilter"/>; null for all that the caller may see.</param>
    /// <param name="position">The last position that the client has; null for none.</param>
    /// <param name="cancellationToken">The client ended the stream.</param>
    public IAsyncEnumerable<HubFeedEvent> Follow(JsonElement? filter, string? position, CancellationToken cancellationToken) =>
        FollowAsync(filter, position, Owner, cancellationToken).AsHubStream(logger, cancellationToken);

    private string Owner => Context.GetHttpContext() is { } context ? Caller.Of(context).Name : Caller.Anonymous;

    private async IAsyncEnumerable<OperationStatus> WatchAsync(string uri, long? known, string owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (LiveOperation live, StatusSubscription subscription) = await SubscribeAsync(uri, owner, cancellationToken);
        using (subscription)
        {
            feed.RecordContact(live, ContactWay.SignalR);
            await using CancellationTokenRegistration left = cancellationToken.UnsafeRegister(static one => ((StatusSubscription)one!).Wake(), subscription);
            while (!cancellationToken.IsCancellationRequested)
            {
                OperationStatus status = live.Current;
                if (status.Version != known)
                {
                    known = status.Version;
                    yield return status;
                }

                if (status.IsFinal || live.IsGone)
                {
                    yield break;
                }

                await subscription.WaitAsync();
            }
        }
    }

    private async IAsyncEnumerable<HubFeedEvent> FollowAsync(JsonElement? filter, string? position, string owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var follower = new FeedFollower(feed, store, Filter(HubFilter.Parse(filter), owner), time);
        await using CancellationTokenRegistration left = cancellationToken.UnsafeRegister(static one => ((FeedFollower)one!).Close(), follower);
        await foreach (FeedEvent change in follower.ReadAsync(FeedAnswer.Position(position), cancellationToken))
        {
            yield return new HubFeedEvent(change);
        }
    }

    private async Task<(LiveOperation Live, StatusSubscription Subscription)> SubscribeAsync(string uri, string owner, CancellationToken cancellationToken)
    {
        OperationKey key = HubUri.Key(uri) ?? throw new ProblemException(Problems.BadRequest("'uri' must be a status URI, absolute or its path."));
        if (await feed.SubscribeAsync(key, cancellationToken) is not { } watched)
        {
            throw new ProblemException(await store.FindTombstoneAsync(key, time.GetUtcNow(), cancellationToken) == owner ? Problems.Gone : Problems.NotFound);
        }

        bool isTheirs = watched.Live.Durable.Owner == owner;
        if (!isTheirs || watched.Live.Durable.IsExpired(time.GetUtcNow()))
        {
            watched.Subscription.Dispose();
            throw new ProblemException(isTheirs ? Problems.Gone : Problems.NotFound);
        }

        return watched;
    }

    private OperationFilter Filter(HubFilter? filter, string owner)
    {
        if (filter?.Type is { } type && !types.TryFind(type, out _))
        {
            throw new ProblemException(Problems.UnknownType(type));
        }

        return new OperationFilter
        {
            Owner = owner,
            Type = filter?.Type,
            States = (filter?.State ?? []).Select(State).ToArray(),
            Tags = (filter?.Tags ?? []).ToArray(),
        };
    }

    private static OperationState State(string name) =>
        OperationStates.TryParse(name, out OperationState state) ? state : throw new ProblemException(Problems.BadRequest($"'{Problems.Shorten(name)}' is no state."));
}
