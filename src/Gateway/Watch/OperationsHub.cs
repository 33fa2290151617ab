using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Hosting.Security;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>
/// The same snapshots over SignalR: server-to-client streams, each with its own place, so that a slow client waits for itself only.
/// Nothing is ever sent to groups.
/// </summary>
internal sealed class OperationsHub(OperationFeed feed, IOperationStore store, OperationTypes types, SignedLinks links, StreamPlaces places, CredentialWatch credentials, WatchMetrics metrics, TimeProvider time, ILogger<OperationsHub> logger) : Hub
{
    /// <summary>So long a connection's streams have to tell why they end.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    /// <summary>Streams the snapshots of one operation to its end.</summary>
    /// <param name="uri">The status URI, absolute or its path.</param>
    /// <param name="fromVersion">The version that the client has; null for none.</param>
    /// <param name="cancellationToken">The client ended the stream.</param>
    public IAsyncEnumerable<OperationStatus> Watch(string uri, long? fromVersion, CancellationToken cancellationToken) =>
        WatchAsync(uri, fromVersion, Caller, Http, cancellationToken).AsHubStream(logger, cancellationToken);

    /// <summary>Streams the changes of all operations that the filter lets through.</summary>
    /// <param name="filter">Which operations, a <see cref="HubFilter"/>; null for all that the caller may see.</param>
    /// <param name="position">The last position that the client has; null for none.</param>
    /// <param name="cancellationToken">The client ended the stream.</param>
    public IAsyncEnumerable<HubFeedEvent> Follow(JsonElement? filter, string? position, CancellationToken cancellationToken) =>
        FollowAsync(filter, position, Caller, Http, cancellationToken).AsHubStream(logger, cancellationToken);

    /// <summary>A connection ends soon after the credential that opened it; its streams have ended before, each with the reason.</summary>
    public override Task OnConnectedAsync()
    {
        HubCallerContext connection = Context;
        IDisposable? watch = credentials.Add(Caller, () => _ = AbortSoonAsync(connection, time));
        if (watch is not null)
        {
            Context.ConnectionAborted.UnsafeRegister(static one => ((IDisposable)one!).Dispose(), watch);
        }

        return Task.CompletedTask;
    }

    private Caller Caller => CallerPrincipal.CallerOf(Context.User);

    private HttpContext Http => Context.GetHttpContext()!;

    private static async Task AbortSoonAsync(HubCallerContext connection, TimeProvider time)
    {
        await Task.Delay(Farewell, time, connection.ConnectionAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        connection.Abort();
    }

    private async IAsyncEnumerable<OperationStatus> WatchAsync(string uri, long? fromVersion, Caller caller, HttpContext http, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        OperationKey key = HubUri.Key(uri) ?? throw new ProblemException(Problems.BadRequest("'uri' must be a status URI, absolute or its path."));
        if (HubUri.Link(uri) is { } link)
        {
            caller = links.Open(link, key.Type, key.Id);
        }
        else
        {
            RequireRead(caller);
        }

        using IDisposable place = places.Open(caller.PacingKey(http));
        (LiveOperation live, StatusSubscription subscription) = await SubscribeAsync(key, caller, cancellationToken);
        using (subscription)
        {
            using WatchMetrics.Watching watching = metrics.Begin(ContactWay.SignalR);
            using IDisposable? credential = credentials.Add(caller, subscription.Wake);
            feed.RecordContact(live, ContactWay.SignalR);
            long known = await feed.BelieveAsync(live, fromVersion, cancellationToken);
            await using CancellationTokenRegistration left = cancellationToken.UnsafeRegister(static one => ((StatusSubscription)one!).Wake(), subscription);
            while (!cancellationToken.IsCancellationRequested)
            {
                RequireStill(caller);
                OperationStatus status = live.Current;
                if (status.Version > known)
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

    private async IAsyncEnumerable<HubFeedEvent> FollowAsync(JsonElement? filter, string? position, Caller caller, HttpContext http, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RequireRead(caller);
        using IDisposable place = places.Open(caller.PacingKey(http));
        using var follower = new FeedFollower(feed, store, Filter(HubFilter.Parse(filter), caller), time);
        using WatchMetrics.Watching watching = metrics.Begin(ContactWay.SignalR);
        using IDisposable? credential = credentials.Add(caller, follower.Close);
        await using CancellationTokenRegistration left = cancellationToken.UnsafeRegister(static one => ((FeedFollower)one!).Close(), follower);
        await foreach (FeedEvent change in follower.ReadAsync(FeedAnswer.Position(position), cancellationToken))
        {
            yield return new HubFeedEvent(change);
        }

        RequireStill(caller);
    }

    private static void RequireRead(Caller caller)
    {
        if (!caller.HasAny(Scopes.Read))
        {
            throw new ProblemException(caller == Caller.Nobody ? Problems.Unauthorized("Connect with a credential.", isInvalid: false) : Problems.Forbidden(ScopeNames.Least(Scopes.Read).ToArray()));
        }
    }

    private void RequireStill(Caller caller)
    {
        if (caller.IsOver(time.GetUtcNow()))
        {
            throw new ProblemException(Problems.CredentialEnded);
        }
    }

    private async Task<(LiveOperation Live, StatusSubscription Subscription)> SubscribeAsync(OperationKey key, Caller caller, CancellationToken cancellationToken)
    {
        if (await feed.SubscribeAsync(key, cancellationToken) is not { } watched)
        {
            string? owner = await store.FindTombstoneAsync(key, time.GetUtcNow(), cancellationToken);
            throw new ProblemException(OperationLookup.SeesTombstone(caller, key, owner) ? Problems.Gone : Problems.NotFound);
        }

        bool isTheirs = OperationLookup.Allows(caller, watched.Live.Durable, Access.See);
        if (!isTheirs || watched.Live.Durable.IsExpired(time.GetUtcNow()))
        {
            watched.Subscription.Dispose();
            throw new ProblemException(isTheirs ? Problems.Gone : Problems.NotFound);
        }

        return watched;
    }

    private OperationFilter Filter(HubFilter? filter, Caller caller)
    {
        if (filter?.Type is { } type && !(types.TryFind(type, out _) && caller.MayUse(type)))
        {
            throw new ProblemException(Problems.UnknownType(type));
        }

        return new OperationFilter
        {
            Owner = caller.SeenOwner,
            Types = caller.Types,
            Type = filter?.Type,
            States = (filter?.State ?? []).Select(State).ToArray(),
            Tags = (filter?.Tags ?? []).ToArray(),
        };
    }

    private static OperationState State(string name) =>
        OperationStates.TryParse(name, out OperationState state) ? state : throw new ProblemException(Problems.BadRequest($"'{Problems.Shorten(name)}' is no state."));
}
