using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;

namespace RealtimeOps.Client;

/// <summary>One operation, and what can be done with it: short ways to the methods of <see cref="RealtimeOpsClient"/>, which tell the errors.</summary>
public sealed class OperationHandle
{
    private readonly RealtimeOpsClient _client;

    internal OperationHandle(RealtimeOpsClient client, Uri uri, OperationStatus? initial) => (_client, Uri, Initial) = (client, uri, initial);

    /// <summary>The status URI: all that has to be kept to find the operation again.</summary>
    public Uri Uri { get; }

    /// <summary>The Status that the submission was answered with; null when the handle was made from a URI.</summary>
    public OperationStatus? Initial { get; }

    /// <inheritdoc cref="RealtimeOpsClient.WatchAsync"/>
    public IAsyncEnumerable<OperationStatus> WatchAsync(WatchOptions? options = null, CancellationToken cancellationToken = default) => _client.WatchAsync(Uri, options, cancellationToken);

    /// <inheritdoc cref="RealtimeOpsClient.WaitForCompletionAsync"/>
    public Task<OperationStatus> WaitForCompletionAsync(WatchOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.WaitForCompletionAsync(Uri, options, cancellationToken);

    /// <inheritdoc cref="RealtimeOpsClient.GetAsync"/>
    public Task<OperationStatus> GetAsync(CancellationToken cancellationToken = default) => _client.GetAsync(Uri, cancellationToken);

    /// <inheritdoc cref="RealtimeOpsClient.CancelAsync"/>
    public Task<OperationStatus> CancelAsync(CancellationToken cancellationToken = default) => _client.CancelAsync(Uri, cancellationToken);

    /// <inheritdoc cref="RealtimeOpsClient.GetResultAsync{TResult}(Uri, CancellationToken)"/>
    [RequiresUnreferencedCode(RealtimeOpsClient.Reflection)]
    [RequiresDynamicCode(RealtimeOpsClient.Reflection)]
    public Task<TResult?> GetResultAsync<TResult>(CancellationToken cancellationToken = default) => _client.GetResultAsync<TResult>(Uri, cancellationToken);

    /// <inheritdoc cref="RealtimeOpsClient.GetResultAsync{TResult}(Uri, JsonTypeInfo{TResult}, CancellationToken)"/>
    public Task<TResult?> GetResultAsync<TResult>(JsonTypeInfo<TResult> resultInfo, CancellationToken cancellationToken = default) =>
        _client.GetResultAsync(Uri, resultInfo, cancellationToken);
}
