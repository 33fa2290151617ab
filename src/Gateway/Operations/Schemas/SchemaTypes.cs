using System.Runtime.InteropServices;
using System.Text.Json;

namespace RealtimeOps.Operations.Schemas;

/// <summary>The keyword <c>type</c>.</summary>
internal sealed class SchemaTypes(JsonElement keyword)
{
    private readonly string[] _names = keyword.ValueKind == JsonValueKind.Array
        ? [.. keyword.EnumerateArray().Select(name => name.GetString()!)]
        : [keyword.GetString()!];

    /// <summary>Why a value has none of the types, or null when it has one.</summary>
    public string? FaultOf(JsonElement value)
    {
        if (_names.Any(name => Has(value, name)))
            return null;
        string types = string.Join(" or ", _names.Select(PhraseOf));
        return value.ValueKind == JsonValueKind.Number && _names.Contains("integer")
            ? $"must be {types}, in plain digits, but is {Wording.Excerpt(value)}"
            : $"must be {types}, but is {Wording.KindOf(value)}";
    }

    private static bool Has(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => name == "boolean",
        JsonValueKind.Null => name == "null",
        JsonValueKind.Number => name == "number" || (name == "integer" && IsPlainInteger(value)),
        JsonValueKind.String => name == "string",
        JsonValueKind.Array => name == "array",
        _ => name == "object",
    };

    /// <summary>To JSON Schema 1.0 and 1e2 are integers, to the deserializer of .NET's integers they are not; nor is -0 to
    /// the unsigned ones.</summary>
    private static bool IsPlainInteger(JsonElement number)
    {
        ReadOnlySpan<byte> text = JsonMarshal.GetRawUtf8Value(number);
        return !text.ContainsAny(".eE"u8) && !text.SequenceEqual("-0"u8);
    }

    private static string PhraseOf(string name) => name switch
    {
        "integer" or "array" or "object" => $"an {name}",
        "null" => name,
        _ => $"a {name}",
    };
}
