using System.Text;
using System.Text.Json;
using Shouldly;

namespace RealtimeOps.TestSupport;

/// <summary>A whole HTTP answer.</summary>
public sealed class Answer
{
    private readonly HttpResponseMessage _response;
    private JsonElement? _json;

    private Answer(HttpResponseMessage response, byte[] body) => (_response, Body) = (response, body);

    public int Code => (int)_response.StatusCode;

    public byte[] Body { get; }

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => _json ??= JsonDocument.Parse(Body).RootElement;

    public string Uri => Json.Text("uri")!;

    /// <summary>A header's value, several joined; null when it is absent.</summary>
    public string? this[string header] =>
        _response.Headers.TryGetValues(header, out IEnumerable<string>? values) || _response.Content.Headers.TryGetValues(header, out values)
            ? string.Join(", ", values)
            : null;

    public static async Task<Answer> ReadAsync(HttpResponseMessage response) => new(response, await response.Content.ReadAsByteArrayAsync());

    public Answer ShouldBe(int code)
    {
        Code.ShouldBe(code, Text);
        return this;
    }

    /// <summary>The form of every error: an RFC 9457 problem that says what was wrong, and no word of the server's insides.</summary>
    public Answer ShouldBeProblem(int code, string? type = null)
    {
        ShouldBe(code);
        this["Content-Type"].ShouldBe("application/problem+json");
        Json.Number("status").ShouldBe(code);
        Json.Text("title").ShouldNotBeNullOrWhiteSpace();
        Json.Text("detail").ShouldNotBeNullOrWhiteSpace();
        Json.Text("instance").ShouldBe(_response.RequestMessage!.RequestUri!.AbsolutePath);
        Json.Text("traceId").ShouldNotBeNullOrWhiteSpace();
        Json.Text("type").ShouldNotBeNullOrWhiteSpace();
        if (type is not null)
        {
            Json.Text("type").ShouldBe("urn:realtimeops:" + type);
        }

        Text.ShouldNotContain("   at ");
        Text.ShouldNotContain("Exception");
        return this;
    }

    /// <summary>The JSON Pointers of the entries of a validation problem.</summary>
    public string[] Pointers() => [.. Json.GetProperty("errors").EnumerateArray().Select(error => error.Text("pointer")!)];

    /// <summary>The JSON Pointers of a conflict of inputs.</summary>
    public string[] Differences() => [.. Json.GetProperty("differences").EnumerateArray().Select(pointer => pointer.GetString()!)];
}
