using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeOps.Feed;
using OperationStatus = RealtimeOps.Operations.OperationStatus;

namespace RealtimeOps.Watch;

/// <summary>A feed's event as a hub's stream item.</summary>
[JsonConverter(typeof(HubFeedEventConverter))]
internal readonly record struct HubFeedEvent(FeedEvent Event);

/// <summary>Writes the bytes that all streams of all kinds share.</summary>
internal sealed class StatusConverter : JsonConverter<OperationStatus>
{
    public override OperationStatus Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, OperationStatus value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json.Span, skipInputValidation: true);
}

internal sealed class HubFeedEventConverter : JsonConverter<HubFeedEvent>
{
    public override HubFeedEvent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, HubFeedEvent value, JsonSerializerOptions options)
    {
        FeedEvent change = value.Event;
        writer.WriteStartObject();
        if (change.Kind is FeedEventKind.Reset)
        {
            writer.WriteBoolean("reset"u8, true);
        }

        if (change.Kind is FeedEventKind.Ready)
        {
            writer.WriteBoolean("ready"u8, true);
        }

        if (change.Position is { } position)
        {
            writer.WriteString("position"u8, position.ToString());
        }

        if (change.Status is { } status)
        {
            writer.WritePropertyName("status"u8);
            writer.WriteRawValue(status.Json.Span, skipInputValidation: true);
        }

        if (change.GoneUri is { } uri)
        {
            writer.WriteString("gone"u8, uri);
        }

        writer.WriteEndObject();
    }
}
