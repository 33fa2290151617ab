using System.Runtime.CompilerServices;
using System.Threading.Channels;
using RealtimeOps.Client.Requests;
using RealtimeOps.Client.Watching;

namespace RealtimeOps.Client;

/// <content>Waiting.</content>
public sealed partial class RealtimeOpsClient
{
    /// <summary>
    /// Watches an operation to its end, through restarts of the server and failures of the network: the newest snapshot first, then newer ones, their versions strictly rising, and last the
    /// final one, which is never missed. Who takes long between two snapshots skips what was outdated meanwhile.
    /// </summary>
    /// <remarks>
    /// Uses server-sent events; where something on the way holds them back, long polling; else polling at the server's pace. Reconnects by itself, with random pauses of at most 30 seconds.
    /// </remarks>
    /// <param name="uri">The status URI.</param>
    /// <param name="options">How patient to be, and which way of waiting to use.</param>
    /// <param name="cancellationToken">Ends the watch; the operation goes on.</param>
    /// <exception cref="ProblemException">401, 403, 404, 410: there is nothing to watch for this caller; or the last refusal of a server that stayed overburdened.</exception>
    /// <exception cref="HttpRequestException">The server was out of reach for longer than <see cref="WatchOptions.Patience"/>.</exception>
    public IAsyncEnumerable<OperationStatus> WatchAsync(Uri uri, WatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return ReadAsync<OperationStatus>(
            BoundedChannelFullMode.DropOldest, (watcher, stop) => new StatusWatch(_http, uri, options ?? new(), watcher, _time).RunAsync(stop), cancellationToken);
    }

    /// <summary>Watches an operation and answers its final Status; see there whether it succeeded.</summary>
    /// <inheritdoc cref="WatchAsync"/>
    public async Task<OperationStatus> WaitForCompletionAsync(Uri uri, WatchOptions? options = null, CancellationToken cancellationToken = default) =>
        await WatchAsync(uri, options, cancellationToken).LastAsync(cancellationToken);

    /// <summary>
    /// Follows many operations, until the token fires: first those that have not ended, or what has changed since <paramref name="position"/>, then whatever changes. Of each operation only
    /// the newest snapshot is told; none that changed is missed, not even through restarts of the server.
    /// </summary>
    /// <remarks>Uses server-sent events only. Reconnects by itself and goes on from its position. Who takes long between two events is told less of what was outdated meanwhile.</remarks>
    /// <param name="filter">Which ones; null for all. With states in it, nothing tells that an operation has left them. The instants count for lists only.</param>
    /// <param name="position">The <see cref="FeedEvent.Position"/> that an earlier enumeration has reached; null to begin with what is there.</param>
    /// <param name="options">How patient to be.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ProblemException">404: there is no such type; 400: the filter is malformed; 401, 403.</exception>
    /// <exception cref="HttpRequestException">The server was out of reach, or the stream held back, for longer than <see cref="WatchOptions.Patience"/>.</exception>
    public IAsyncEnumerable<FeedEvent> FollowAsync(OperationFilter? filter = null, string? position = null, WatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        filter ??= new();
        Uri uri = RequestUri.Collection(_http.BaseAddress, filter.Type).WithFilter(filter with { CreatedAfter = null, CreatedBefore = null }).Build();
        return ReadAsync<FeedEvent>(
            BoundedChannelFullMode.Wait, (watcher, stop) => new FeedWatch(_http, uri, position, options ?? new(), watcher, _time).RunAsync(stop), cancellationToken);
    }

    /// <summary>Runs a watch of its own for each enumeration, while somebody reads.</summary>
    private static async IAsyncEnumerable<T> ReadAsync<T>(
        BoundedChannelFullMode whenFull, Func<ChannelWriter<T>, CancellationToken, Task> watch, CancellationToken caller, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(caller, cancellationToken);
        Channel<T> channel = Channel.CreateBounded<T>(new BoundedChannelOptions(1) { FullMode = whenFull, SingleReader = true, SingleWriter = true });
        Task watching = CompleteAsync(channel.Writer, watch(channel.Writer, stop.Token));
        try
        {
            await foreach (T item in channel.Reader.ReadAllAsync(stop.Token))
            {
                yield return item;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await watching;
        }
    }

    private static async Task CompleteAsync<T>(ChannelWriter<T> writer, Task watch)
    {
        // Whatever ended it is the reader's to see.
        await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        writer.Complete(watch.Exception?.InnerException);
    }
}
