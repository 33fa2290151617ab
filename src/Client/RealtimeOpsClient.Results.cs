using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RealtimeOps.Client.Requests;

namespace RealtimeOps.Client;

/// <content>Outcomes.</content>
public sealed partial class RealtimeOpsClient
{
    /// <summary>Reads the outcome of an ended operation, a JSON value.</summary>
    /// <typeparam name="TResult">The type of the outcome.</typeparam>
    /// <param name="uri">The status URI.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The outcome; the default of its type when there is none.</returns>
    /// <exception cref="ProblemException">202: it has not ended; 422, or the handler's own code: it failed; 409: it was canceled; 404, 410: there is no such operation any more.</exception>
    /// <exception cref="JsonException">The outcome is not of that type.</exception>
    /// <exception cref="HttpRequestException">The server could not be reached.</exception>
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public Task<TResult?> GetResultAsync<TResult>(Uri uri, CancellationToken cancellationToken = default) =>
        GetResultAsync(uri, stream => JsonSerializer.DeserializeAsync<TResult>(stream, JsonSerializerOptions.Web, cancellationToken), cancellationToken);

    /// <summary>Reads the outcome of an ended operation, a JSON value, without reflection.</summary>
    /// <inheritdoc cref="GetResultAsync{TResult}(Uri, CancellationToken)"/>
    /// <param name="uri">The status URI.</param>
    /// <param name="resultInfo">How the outcome is read, from a <c>JsonSerializerContext</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<TResult?> GetResultAsync<TResult>(Uri uri, JsonTypeInfo<TResult> resultInfo, CancellationToken cancellationToken = default) =>
        GetResultAsync(uri, stream => JsonSerializer.DeserializeAsync(stream, resultInfo, cancellationToken), cancellationToken);

    /// <summary>Opens the outcome of an ended operation, of any media type and size, or a part of it.</summary>
    /// <param name="uri">The status URI.</param>
    /// <param name="range">Which bytes; null for all. See <see cref="OperationContent.Range"/> for what came.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The bytes; null when the operation has no outcome.</returns>
    /// <exception cref="ProblemException">202: it has not ended; 422, or the handler's own code: it failed; 409: it was canceled; 404, 410: there is no such operation any more; 416: there are no such bytes.</exception>
    /// <exception cref="HttpRequestException">The server could not be reached.</exception>
    public async Task<OperationContent?> OpenResultAsync(Uri uri, RangeHeaderValue? range = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(uri);
        using var request = new HttpRequestMessage(HttpMethod.Get, RequestUri.Below(uri, "result")) { Headers = { Range = range } };
        HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        try
        {
            await response.EnsureSuccessAsync(_time, cancellationToken);
            if (response.StatusCode is HttpStatusCode.Accepted)
            {
                var problem = new Problem { Title = "Not ended", Status = (int)response.StatusCode, Detail = "The operation has not ended: wait for its end before you read its outcome." };
                throw new ProblemException(response.StatusCode, problem, response.RetryAfter(_time));
            }

            if (response.StatusCode is not HttpStatusCode.NoContent)
            {
                var content = new OperationContent(response, await response.Content.ReadAsStreamAsync(cancellationToken));
                response = null!;
                return content;
            }

            return null;
        }
        finally
        {
            response?.Dispose();
        }
    }

    private async Task<TResult?> GetResultAsync<TResult>(Uri uri, Func<Stream, ValueTask<TResult?>> read, CancellationToken cancellationToken)
    {
        using OperationContent? content = await OpenResultAsync(uri, range: null, cancellationToken);
        return content is null ? default : await read(content.Stream);
    }
}
