using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>A message as JSON. A node of another version ignores what it does not know.</summary>
internal sealed record FeedRecord
{
    private static readonly JsonSerializerOptions Json = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new InstantConverter() },
    };

    public required string Kind { get; init; }

    public Operation? Operation { get; init; }

    public DateTimeOffset? EstimatedEndAt { get; init; }

    public OperationKey? Key { get; init; }

    public string? Mailbox { get; init; }

    public static byte[] Write(FeedMessage message) => JsonSerializer.SerializeToUtf8Bytes(Of(message), Json);

    /// <summary>Null for a kind that this version does not know.</summary>
    public static FeedMessage? Read(JsonElement json)
    {
        FeedRecord record = json.Deserialize<FeedRecord>(Json)!;
        return record switch
        {
            { Kind: "changed", Operation: { } changed } => new FeedMessage.Changed(new OperationStatus(changed, record.EstimatedEndAt)),
            { Kind: "look", Key: { } key } => new FeedMessage.Look(key),
            { Kind: "gone", Operation: { } last } => new FeedMessage.Gone(last),
            { Kind: "mailbox", Mailbox: { } mailbox } => new FeedMessage.Mailbox(mailbox),
            { Kind: "lost" } => new FeedMessage.Lost(),
            { Kind: "beat" } => new FeedMessage.Beat(),
            { Kind: "changed" or "look" or "gone" or "mailbox" } => throw new JsonException($"A message '{record.Kind}' says nothing."),
            _ => null,
        };
    }

    private static FeedRecord Of(FeedMessage message) => message switch
    {
        FeedMessage.Changed { Status: { } status } => new FeedRecord { Kind = "changed", Operation = Shown(status.Operation), EstimatedEndAt = status.EstimatedEndAt },
        FeedMessage.Look { Key: var key } => new FeedRecord { Kind = "look", Key = key },
        FeedMessage.Gone { Last: { } last } => new FeedRecord { Kind = "gone", Operation = Shown(last) },
        FeedMessage.Mailbox { Name: { } name } => new FeedRecord { Kind = "mailbox", Mailbox = name },
        FeedMessage.Beat => new FeedRecord { Kind = "beat" },
        _ => new FeedRecord { Kind = "lost" },
    };

    /// <summary>What only those who change it need stays in the store: it may be long, or secret.</summary>
    private static Operation Shown(Operation operation) => operation with { Checkpoint = null, Webhook = null, IdempotencyKey = null };

    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteNumberValue(value.ToUnixTimeMilliseconds());
    }
}
