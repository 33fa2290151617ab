using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using RealtimeOps.Execution;
using RealtimeOps.Operations.Schemas;

namespace RealtimeOps.Relay;

/// <summary>An answer of a service: its head, and of its body so much as is needed to see what it is. The rest goes to the store as it comes.</summary>
internal sealed class ServiceAnswer : IDisposable
{
    /// <summary>A status is not longer; what is longer is a result.</summary>
    private const int LongestStatus = 1024 * 1024;

    private const int LongestFailureText = 4096;
    private const int CopyBuffer = 128 * 1024;

    private readonly HttpResponseMessage _response;
    private readonly Stream _body;
    private byte[] _beginning = [];

    private ServiceAnswer(HttpResponseMessage response, Stream body) => (_response, _body) = (response, body);

    public int Code => (int)_response.StatusCode;

    public bool IsSuccess => _response.IsSuccessStatusCode;

    /// <summary>Somebody is busy or on the way: asking again may help.</summary>
    public bool IsTransient => Code is 408 or 425 or 429 or 502 or 503 or 504;

    public bool IsJson => MediaType is { } type && (type.EndsWith("/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    public bool IsEventStream => string.Equals(MediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase);

    public bool IsJsonLines => MediaType?.ToLowerInvariant() is "application/jsonl" or "application/x-ndjson" or "application/ndjson";

    /// <summary>The whole body, if it is JSON of a status's length; else null.</summary>
    public ReadOnlyMemory<byte>? Json { get; private set; }

    private string? Packing => _response.Content.Headers.ContentEncoding.FirstOrDefault(coding => !coding.Equals("identity", StringComparison.OrdinalIgnoreCase));

    private string? MediaType => _response.Content.Headers.ContentType?.MediaType;

    public string? this[string header] => _response.Headers.NonValidated.TryGetValues(header, out var values) ? values.ToString() : null;

    /// <summary>Reads what shows what it is.</summary>
    /// <param name="response">Its head has come.</param>
    /// <param name="heard">Told whenever something comes.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="OperationFailedException">It is packed, which nobody asked for.</exception>
    public static async Task<ServiceAnswer> ReadAsync(HttpResponseMessage response, Action heard, CancellationToken cancellationToken)
    {
        ServiceAnswer answer;
        try
        {
            answer = new ServiceAnswer(response, await response.Content.ReadAsStreamAsync(cancellationToken));
            if (answer.Packing is { } packing)
            {
                return !answer.IsSuccess ? answer
                    : throw RelayCall.Failure(502, $"The service answered with Content-Encoding: {packing}, although it was asked for none (Accept-Encoding: identity).");
            }

            if (answer.IsJson)
            {
                answer.Json = await answer.ReadBeginningAsync(LongestStatus, upToLine: false, heard, cancellationToken) ? answer._beginning : null;
            }
            else if (answer.IsJsonLines)
            {
                await answer.ReadBeginningAsync(LongestStatus, upToLine: true, heard, cancellationToken);
            }
            else if (!answer.IsSuccess)
            {
                await answer.ReadBeginningAsync(LongestFailureText, upToLine: false, heard, cancellationToken);
            }
        }
        catch
        {
            response.Dispose();
            throw;
        }

        return answer;
    }

    /// <summary>When it says to come back.</summary>
    public TimeSpan? RetryAfter(DateTimeOffset now) => RetryAfter(_response, now);

    public static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - now,
        _ => null,
    };

    /// <summary>What it says of its work, if it speaks of it in a form that is known.</summary>
    public RemoteStatus? ReadStatus(RemoteForm form) => Json is { } json ? RemoteStatusReader.Read(json, form) : null;

    /// <summary>Lines of JSON may as well be a result: what the first of them is decides.</summary>
    public bool HoldsStatusLines() =>
        IsEventStream || (IsJsonLines && RemoteStatusReader.Read(FirstLine(), RemoteForm.Plain) is { Form: RemoteForm.SlowRest });

    public Stream Read(Action heard, LineLimit? limit = null) => new AnswerStream(_beginning, _body, heard, limit);

    /// <summary>The answer as the operation's result; this answer is disposed of when that has been stored.</summary>
    public OperationResult ToResult(RelayCall call)
    {
        if (Code is 204 or 205 || _response.Content.Headers.ContentLength == 0)
        {
            Dispose();
            return OperationResult.None;
        }

        string mediaType = _response.Content.Headers.ContentType?.ToString() ?? "application/octet-stream";
        return OperationResult.OfStream(mediaType, (sink, cancellationToken) => CopyAsync(call, sink, cancellationToken));
    }

    /// <summary>The words of a failure: those of a problem or of what is like one, else plain ones.</summary>
    public (string? Title, string Text) Words()
    {
        string plain = $"The service answered {$"{Code} {ReasonPhrases.GetReasonPhrase(Code)}".TrimEnd()}.";
        if (Json is { } json && Parse(json) is { ValueKind: JsonValueKind.Object } problem)
        {
            JsonElement? error = problem.TryGetProperty("error", out JsonElement inner) && inner.ValueKind is JsonValueKind.Object ? inner : null;
            return (Text(problem, "title"), Text(problem, "detail") ?? Text(error, "message") ?? Text(problem, "message") ?? Text(problem, "title") ?? plain);
        }

        return (null, string.Equals(MediaType, "text/plain", StringComparison.OrdinalIgnoreCase) && Encoding.UTF8.GetString(_beginning).Trim() is { Length: > 0 } text ? text : plain);
    }

    public void Dispose() => _response.Dispose();

    private async Task CopyAsync(RelayCall call, Stream sink, CancellationToken cancellationToken)
    {
        using (this)
        {
            Stream body = Read(call.Silence.Break);
            byte[] buffer = new byte[CopyBuffer];
            int read;
            while ((read = await ReadAsync(call, body, buffer, cancellationToken)) > 0)
            {
                await sink.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
    }

    private static async Task<int> ReadAsync(RelayCall call, Stream body, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await call.ListenAsync(token => body.ReadAsync(buffer, token), cancellationToken);
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            throw await call.BrokenOffAsync(broken);
        }
    }

    /// <summary>Whether that was all.</summary>
    private async Task<bool> ReadBeginningAsync(int limit, bool upToLine, Action heard, CancellationToken cancellationToken)
    {
        using var beginning = new MemoryStream();
        byte[] buffer = new byte[8192];
        int read;
        while (beginning.Length < limit && (read = await _body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            heard();
            beginning.Write(buffer, 0, read);
            if (upToLine && buffer.AsSpan(0, read).Contains((byte)'\n'))
            {
                break;
            }
        }

        _beginning = beginning.ToArray();
        return _beginning.Length < limit;
    }

    private ReadOnlyMemory<byte> FirstLine()
    {
        int end = Array.IndexOf(_beginning, (byte)'\n');
        return end < 0 ? _beginning : _beginning.AsMemory(0, end);
    }

    private static JsonElement? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement? json, string name) =>
        json is { } parent && parent.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String ? JsonText.Of(value) : null;
}
