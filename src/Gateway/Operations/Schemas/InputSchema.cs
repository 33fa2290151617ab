using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace RealtimeOps.Operations.Schemas;

/// <summary>
/// The JSON Schema of an operation's input: shown to clients, and, the very same document, the check of what they send.
/// The check names every fault, where deserialization stops at the first.
/// </summary>
internal sealed class InputSchema
{
    private readonly JsonTypeInfo _type;
    private readonly SchemaNode _root;

    private InputSchema(JsonTypeInfo type)
    {
        _type = type;
        Document = SchemaExport.Export(type);
        _root = SchemaNode.Compile(JsonSerializer.SerializeToElement(Document));
    }

    /// <summary>JSON Schema 2020-12. Shared: clone it before making it part of another document.</summary>
    public JsonObject Document { get; }

    /// <inheritdoc cref="For(Type, JsonSerializerOptions)"/>
    public static InputSchema For<TInput>(JsonSerializerOptions options) => For(typeof(TInput), options);

    /// <param name="type">What the input is deserialized to.</param>
    /// <param name="options">What it is deserialized with: <see cref="InputJson.Options"/>.</param>
    /// <exception cref="NotSupportedException">The type, or an annotation on it, cannot be said in JSON Schema.</exception>
    public static InputSchema For(Type type, JsonSerializerOptions options) => new(options.GetTypeInfo(type));

    /// <summary>
    /// Everything that is wrong with an input, at most <see cref="InputFaults.Limit"/> faults; nothing when it can be
    /// deserialized and keeps all rules.
    /// </summary>
    /// <param name="input">Parsed with the default <see cref="JsonDocumentOptions"/>: members that occur twice are found here,
    /// each with its pointer, where the parser would only throw at the first.</param>
    public IReadOnlyList<InputFault> Validate(JsonElement input)
    {
        var faults = new InputFaults();
        InteroperableJson.Check(input, JsonPointer.Root, faults);
        if (faults.IsEmpty)
            _root.Check(input, JsonPointer.Root, faults);
        if (faults.IsEmpty)
            CheckReadable(input, faults);
        return faults.Faults;
    }

    /// <summary>The deserializer has the last word: a schema cannot state what converters and constructors refuse.</summary>
    private void CheckReadable(JsonElement input, InputFaults faults)
    {
        try
        {
            input.Deserialize(_type);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or FormatException or InvalidOperationException or OverflowException)
        {
            faults.Add(PointerOf((e as JsonException)?.Path), "has a value that this operation cannot read");
        }
    }

    /// <summary>The pointer for a JSONPath of plain names and indexes; for any other, the root rather than a guess.</summary>
    private static JsonPointer PointerOf(string? path)
    {
        string[] tokens = [.. (path ?? "$").Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.').Skip(1)];
        return tokens.All(token => token.All(c => char.IsLetterOrDigit(c) || c == '_'))
            ? tokens.Aggregate(JsonPointer.Root, (pointer, token) => pointer.Append(token))
            : JsonPointer.Root;
    }
}
