using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Xml;
using RealtimeOps.Client.Requests;

namespace RealtimeOps.Client;

/// <content>Submission: under an id that is known beforehand, so that a lost answer is asked for again and starts nothing new.</content>
public sealed partial class RealtimeOpsClient
{
    internal const string Reflection = "JSON of a type that is not known beforehand needs reflection. Use the overload with JsonTypeInfo<T> in trimmed and native programs.";

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Submits an operation with a JSON input. Once this has answered the operation will end, whatever crashes in between.</summary>
    /// <typeparam name="TInput">The type of the input.</typeparam>
    /// <param name="type">The operation's type, such as <c>demo.steps</c>.</param>
    /// <param name="input">The input; written as ASP.NET Core would (camelCase).</param>
    /// <param name="options">An id, tags, a webhook and more.</param>
    /// <param name="cancellationToken">Gives up. The operation may have been accepted all the same: submitting again under the same id tells.</param>
    /// <returns>A handle that holds the first Status.</returns>
    /// <exception cref="ProblemException">400: the input does not fit, each fault is in <see cref="Problem.Errors"/>; 404: there is no such type; 409: the id is taken by another input; 413, 415, 422, 429, 503.</exception>
    /// <exception cref="HttpRequestException">The server could not be reached for as long as <see cref="SubmitOptions.Patience"/> says.</exception>
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public Task<OperationHandle> SubmitAsync<TInput>(string type, TInput input, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitJsonAsync(type, JsonSerializer.SerializeToUtf8Bytes(input, JsonSerializerOptions.Web), options, cancellationToken);

    /// <summary>Submits an operation with a JSON input, without reflection.</summary>
    /// <inheritdoc cref="SubmitAsync{TInput}(string, TInput, SubmitOptions?, CancellationToken)"/>
    /// <param name="type">The operation's type, such as <c>demo.steps</c>.</param>
    /// <param name="input">The input.</param>
    /// <param name="inputInfo">How the input is written, from a <c>JsonSerializerContext</c>.</param>
    /// <param name="options">An id, tags, a webhook and more.</param>
    /// <param name="cancellationToken">Gives up. The operation may have been accepted all the same: submitting again under the same id tells.</param>
    public Task<OperationHandle> SubmitAsync<TInput>(
        string type, TInput input, JsonTypeInfo<TInput> inputInfo, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        SubmitJsonAsync(type, JsonSerializer.SerializeToUtf8Bytes(input, inputInfo), options, cancellationToken);

    /// <summary>Submits an operation with an input of any media type and size, such as a file.</summary>
    /// <param name="type">The operation's type, such as <c>csv.profile</c>.</param>
    /// <param name="input">Read from where it stands to its end, and left open. One that can be sought is sent again when an answer gets lost.</param>
    /// <param name="mediaType">Its media type, such as <c>text/csv</c>.</param>
    /// <param name="options">An id, tags, a webhook and more.</param>
    /// <param name="cancellationToken">Gives up. The operation may have been accepted all the same: submitting again under the same id tells.</param>
    /// <returns>A handle that holds the first Status.</returns>
    /// <remarks>The time limit of the <see cref="HttpClient"/>, 100 seconds by default, counts for the whole transfer.</remarks>
    /// <exception cref="ProblemException">404: there is no such type; 409: the id is taken by another input; 413: it is too large; 415: the type does not take the media type; 422, 429, 503.</exception>
    /// <exception cref="HttpRequestException">The server could not be reached for as long as <see cref="SubmitOptions.Patience"/> says.</exception>
    /// <exception cref="FormatException"><paramref name="mediaType"/> is none.</exception>
    public Task<OperationHandle> SubmitAsync(string type, Stream input, string mediaType, SubmitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        MediaTypeHeaderValue contentType = MediaTypeHeaderValue.Parse(mediaType);
        long start = input.CanSeek ? input.Position : 0;
        return SubmitAsync(type, () => new InputContent(input, start, contentType), input.CanSeek, options ?? new(), cancellationToken);
    }

    private Task<OperationHandle> SubmitJsonAsync(string type, byte[] json, SubmitOptions? options, CancellationToken cancellationToken) =>
        SubmitAsync(type, () => new ByteArrayContent(json) { Headers = { ContentType = Json } }, repeatable: true, options ?? new(), cancellationToken);

    private async Task<OperationHandle> SubmitAsync(string type, Func<HttpContent> content, bool repeatable, SubmitOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(type);
        Uri uri = SubmissionUri(type, options);
        var backoff = new Backoff(options.Patience, _time);
        while (true)
        {
            Exception failure;
            TimeSpan? asked = null;
            try
            {
                OperationStatus initial = await SendAsync(uri, content(), options, cancellationToken);
                return new OperationHandle(this, initial.Uri, initial);
            }
            catch (ProblemException refusal) when (refusal.IsPassing && repeatable)
            {
                (failure, asked) = (refusal, refusal.RetryAfter);
            }
            catch (Exception lost) when (repeatable && lost is HttpRequestException { HttpRequestError: not HttpRequestError.InvalidResponse } or IOException)
            {
                failure = lost;
            }

            if (!await backoff.WaitAsync(asked, cancellationToken))
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            }
        }
    }

    private async Task<OperationStatus> SendAsync(Uri uri, HttpContent content, SubmitOptions options, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(options.IdempotencyKey is null ? HttpMethod.Put : HttpMethod.Post, uri) { Content = content };
        if (options.IdempotencyKey is { } key)
        {
            request.Headers.Add("Idempotency-Key", "\"" + key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"");
        }

        if (options.Wait is { } wait)
        {
            request.Headers.Add("Prefer", string.Create(CultureInfo.InvariantCulture, $"wait={(int)Math.Clamp(wait.TotalSeconds, 0, 60)}"));
        }

        using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
        return await response.ReadStatusAsync(_time, cancellationToken);
    }

    private Uri SubmissionUri(string type, SubmitOptions options)
    {
        RequestUri uri = RequestUri.Collection(_http.BaseAddress, type);
        if (options.IdempotencyKey is null)
        {
            uri = uri.Below(options.Id ?? OperationId.New(_time.GetUtcNow()));
        }
        else if (options.Id is not null)
        {
            throw new ArgumentException("Give either an id or an idempotency key, not both.", nameof(options));
        }

        return uri.WithTags(options.Tags)
            .With("delay", options.Delay is { } delay ? XmlConvert.ToString(delay) : null)
            .With("notBefore", options.NotBefore)
            .With("ttl", options.Ttl is { } ttl ? XmlConvert.ToString(ttl) : null)
            .With("webhook", options.Webhook)
            .Build();
    }
}
