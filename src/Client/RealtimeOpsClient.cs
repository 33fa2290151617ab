using System.Runtime.CompilerServices;
using System.Text.Json;
using RealtimeOps.Client.Requests;

namespace RealtimeOps.Client;

/// <summary>
/// Submits operations to a RealtimeOps gateway, watches them to their end, and reads what came out. Safe to be used by many threads at once.
/// </summary>
/// <remarks>
/// <para>All errors are one of three: a <see cref="ProblemException"/> when the server refused, an <see cref="HttpRequestException"/> when it could not be reached or is no gateway, and an
/// <see cref="OperationCanceledException"/> when the caller's token fired or the <see cref="HttpClient"/>'s time was over.</para>
/// <para>An operation's URI may be absolute or relative to the <see cref="HttpClient.BaseAddress"/>. Credentials are headers of the <see cref="HttpClient"/>.</para>
/// </remarks>
public sealed partial class RealtimeOpsClient
{
    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    /// <summary>Made by hand, or by <c>services.AddHttpClient&lt;RealtimeOpsClient&gt;(http =&gt; http.BaseAddress = …)</c>.</summary>
    /// <param name="http">Its <see cref="HttpClient.BaseAddress"/> is where the gateway is. It stays the caller's to dispose. Its time limit bounds each request, but no stream.</param>
    /// <param name="time">The clock; default <see cref="TimeProvider.System"/>.</param>
    public RealtimeOpsClient(HttpClient http, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        (_http, _time) = (http, time ?? TimeProvider.System);
    }

    /// <summary>A handle of an operation that is known by its status URI. Asks nothing of the server.</summary>
    /// <param name="uri">The status URI.</param>
    public OperationHandle GetOperation(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return new OperationHandle(this, uri, initial: null);
    }

    /// <summary>Reads the present Status. Whoever asks often is told to slow down (429): to wait, use <see cref="WatchAsync"/>.</summary>
    /// <param name="uri">The status URI.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ProblemException">404: there is no such operation; 410: it expired or was deleted; 429: too early.</exception>
    /// <exception cref="HttpRequestException">The server could not be reached.</exception>
    public Task<OperationStatus> GetAsync(Uri uri, CancellationToken cancellationToken = default) => AskAsync(HttpMethod.Get, uri, cancellationToken);

    /// <summary>Reads the list of operations, newest first, a page at a time as the enumeration goes on.</summary>
    /// <param name="filter">Which ones; null for all.</param>
    /// <param name="pageSize">How many are asked for at once, 1 to 200.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ProblemException">404: there is no such type; 400: the filter is malformed.</exception>
    /// <exception cref="HttpRequestException">The server could not be reached.</exception>
    public async IAsyncEnumerable<OperationStatus> ListAsync(
        OperationFilter? filter = null, int pageSize = 50, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? token = null;
        do
        {
            Uri uri = RequestUri.Collection(_http.BaseAddress, filter?.Type).WithFilter(filter ?? new())
                .With("pageSize", pageSize.ToString(System.Globalization.CultureInfo.InvariantCulture)).With("pageToken", token).Build();
            using HttpResponseMessage response = await _http.GetAsync(uri, cancellationToken);
            await response.EnsureSuccessAsync(_time, cancellationToken);
            OperationPage? page = Answers.Understand(json => JsonSerializer.Deserialize(json, ClientJson.Default.OperationPage), await response.Content.ReadAsStringAsync(cancellationToken));
            foreach (JsonElement operation in page?.Operations ?? [])
            {
                yield return Answers.Understand(OperationStatus.Parse, operation.GetRawText());
            }

            token = page?.NextPageToken;
        }
        while (token is not null);
    }

    /// <summary>Asks the operation to stop. What waits is canceled at once; what runs is <see cref="OperationState.Canceling"/> until its handler has really stopped.</summary>
    /// <param name="uri">The status URI.</param>
    /// <param name="cancellationToken">Gives up waiting for the answer.</param>
    /// <exception cref="ProblemException">409: it has ended already; 404, 410: there is no such operation any more.</exception>
    /// <exception cref="HttpRequestException">The server could not be reached.</exception>
    public Task<OperationStatus> CancelAsync(Uri uri, CancellationToken cancellationToken = default) =>
        AskAsync(HttpMethod.Post, RequestUri.Below(uri, "cancel"), cancellationToken);

    /// <summary>Submits the input of an ended operation again, as a new operation; the two link to each other. Not repeated by itself when the answer gets lost.</summary>
    /// <param name="uri">The status URI of the ended one.</param>
    /// <param name="cancellationToken">Gives up waiting for the answer.</param>
    /// <exception cref="ProblemException">409: it has not ended; 404, 410: there is no such operation any more.</exception>
    /// <exception cref="HttpRequestException">The server could not be reached.</exception>
    public async Task<OperationHandle> ResubmitAsync(Uri uri, CancellationToken cancellationToken = default)
    {
        OperationStatus initial = await AskAsync(HttpMethod.Post, RequestUri.Below(uri, "resubmit"), cancellationToken);
        return new OperationHandle(this, initial.Uri, initial);
    }

    /// <summary>Deletes an ended operation and its outcome; one that has not ended is canceled first, and goes when it has stopped.</summary>
    /// <param name="uri">The status URI.</param>
    /// <param name="cancellationToken">Gives up waiting for the answer.</param>
    /// <returns>Null when it is gone, else the Status of what is being canceled.</returns>
    /// <exception cref="ProblemException">404, 410: there is no such operation any more.</exception>
    /// <exception cref="HttpRequestException">The server could not be reached.</exception>
    public async Task<OperationStatus?> DeleteAsync(Uri uri, CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage response = await _http.DeleteAsync(uri, cancellationToken);
        return response.StatusCode is System.Net.HttpStatusCode.NoContent ? null : await response.ReadStatusAsync(_time, cancellationToken);
    }

    private async Task<OperationStatus> AskAsync(HttpMethod method, Uri uri, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, uri);
        using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
        return await response.ReadStatusAsync(_time, cancellationToken);
    }
}
