using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeOps.Client;

/// <summary>An RFC 9457 problem: what was wrong and what to do.</summary>
public sealed record Problem
{
    /// <summary>The kind of problem, such as <c>urn:realtimeops:conflict</c>; null when something between here and the server answered.</summary>
    public string? Type { get; init; }

    /// <summary>The kind of problem, for a person.</summary>
    public string? Title { get; init; }

    /// <summary>The HTTP status code.</summary>
    public int? Status { get; init; }

    /// <summary>This case of it: what was wrong and what to do, for a person.</summary>
    public string? Detail { get; init; }

    /// <summary>What was asked for, a URI or a path.</summary>
    public string? Instance { get; init; }

    /// <summary>By which the server's log can be searched.</summary>
    public string? TraceId { get; init; }

    /// <summary>The code of an operation that did not succeed: its handler's own, or 499 canceled, 500 unhandled, 504 timed out.</summary>
    public int? Code { get; init; }

    /// <summary>What is wrong with an input, every fault of it; empty for other problems.</summary>
    public IReadOnlyList<InputFault> Errors { get; init => field = value ?? []; } = [];

    /// <summary>JSON Pointers at which an input differs from the one that was submitted before under the same id; empty for other problems.</summary>
    public IReadOnlyList<string> Differences { get; init => field = value ?? []; } = [];

    /// <summary>Members that this version of the client does not know.</summary>
    [JsonInclude]
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extensions { get; internal set; }
}

/// <summary>One thing that is wrong with an input.</summary>
/// <param name="Pointer">The JSON Pointer (RFC 6901) of the value; empty for the whole input.</param>
/// <param name="Detail">What is wrong with it, for a person.</param>
public sealed record InputFault(string Pointer, string Detail);
