namespace RealtimeOps.TestSupport;

/// <summary>An answer as it came over a <see cref="RawConnection"/>.</summary>
/// <param name="Code">The status code.</param>
/// <param name="Headers">The headers; of several with one name the last.</param>
public sealed record RawAnswer(int Code, IReadOnlyDictionary<string, string> Headers)
{
    public string Body { get; init; } = "";

    public string? this[string header] => Headers.GetValueOrDefault(header);

    public bool IsChunked => this["Transfer-Encoding"] == "chunked";

    /// <summary>It may go on for ever.</summary>
    public bool IsStream => this["Content-Type"] is "text/event-stream" or "application/jsonl";

    /// <summary>The server will not read another request from this connection.</summary>
    public bool Closes => IsStream || Code == 101 || string.Equals(this["Connection"], "close", StringComparison.OrdinalIgnoreCase);

    public override string ToString() => $"{Code}\n{string.Join('\n', Headers.Select(header => $"{header.Key}: {header.Value}"))}\n\n{Body}";
}
