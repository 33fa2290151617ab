using System.Buffers;
using System.Text;
using System.Text.Json;

namespace RealtimeOps.Operations;

/// <summary>
/// A snapshot of one operation, as every way of waiting shows it. A newer one replaces all older ones. Immutable; its bytes are
/// rendered once and shared by all readers.
/// </summary>
public sealed class OperationStatus
{
    private readonly DateTimeOffset? _estimatedEndAt;
    private Rendering? _rendering;
    private string? _etag;
    private string? _link;

    internal OperationStatus(Operation operation, DateTimeOffset? estimatedEndAt = null)
    {
        Operation = operation;
        _estimatedEndAt = estimatedEndAt;
    }

    /// <summary>The absolute status URI.</summary>
    public string Uri => Operation.Uri;

    /// <summary>The operation's type and id.</summary>
    public OperationKey Key => Operation.Key;

    /// <summary>Percent: 0..99 until the end, 100 exactly when the operation has ended.</summary>
    public int Progress => Operation.Progress;

    /// <summary>Only when ended: 0 for success, anything else is an error code.</summary>
    public int? Status => Operation.Status;

    /// <summary>Only when ended: text for a person.</summary>
    public string? Message => Operation.Message;

    /// <summary>Where the operation stands.</summary>
    public OperationState State => Operation.State;

    /// <summary>Grows by at least 1 with each change, across attempts, restarts and nodes.</summary>
    public long Version => Operation.Version;

    /// <summary>What it is doing now; absent once ended.</summary>
    public string? Activity => Operation.Activity;

    /// <summary>0 until first started, then 1, 2, …</summary>
    public int Attempt => Operation.Attempt;

    /// <summary>The operation has ended; this snapshot is the last but for moves of its expiry and links to resubmissions.</summary>
    public bool IsFinal => Operation.State.IsFinal();

    internal Operation Operation { get; }

    /// <summary>The Status as UTF-8 JSON on one line.</summary>
    internal ReadOnlyMemory<byte> Json => Rendered.Event.AsMemory(Rendered.JsonStart, Rendered.JsonLength);

    /// <summary>The Status as one server-sent event, <c>id</c> and <c>data</c>.</summary>
    internal ReadOnlyMemory<byte> Event => Rendered.Event;

    /// <summary>The Status as one line of JSON Lines.</summary>
    internal ReadOnlyMemory<byte> JsonLine => Rendered.Event.AsMemory(Rendered.JsonStart, Rendered.JsonLength + 1);

    /// <summary>The weak entity tag of this snapshot.</summary>
    internal string ETag => _etag ??= $"W/\"{Version}\"";

    /// <summary>RFC 8288 links to what belongs to the operation.</summary>
    internal string Link => _link ??= IsFinal
        ? $"<{Uri}>; rel=\"monitor\", <{Uri}/result>; rel=\"result\", <{Uri}/history>; rel=\"history\""
        : $"<{Uri}>; rel=\"monitor\", <{Uri}/result>; rel=\"result\", <{Uri}/cancel>; rel=\"cancel\", <{Uri}/history>; rel=\"history\"";

    /// <summary>When it will end if it goes on at its pace.</summary>
    internal DateTimeOffset? EstimatedEndAt => _estimatedEndAt;

    private Rendering Rendered => _rendering ??= Render();

    /// <summary>Writes the Status as a JSON object; <paramref name="extra"/> adds members that only this answer has.</summary>
    internal void WriteTo(Utf8JsonWriter json, Action<Utf8JsonWriter>? extra = null) => StatusJson.Write(json, Operation, _estimatedEndAt, extra);

    private Rendering Render()
    {
        var buffer = new ArrayBufferWriter<byte>(640);
        Encoding.ASCII.GetBytes($"id: {Version}\ndata: ", buffer);
        int start = buffer.WrittenCount;
        using (var json = new Utf8JsonWriter(buffer, StatusJson.WriterOptions))
        {
            WriteTo(json);
        }

        int length = buffer.WrittenCount - start;
        buffer.Write("\n\n"u8);
        return new Rendering(buffer.WrittenSpan.ToArray(), start, length);
    }

    private sealed record Rendering(byte[] Event, int JsonStart, int JsonLength);
}
