using System.Text.Json;

namespace RealtimeOps.Operations.Schemas;

/// <summary>How faults speak of values.</summary>
internal static class Wording
{
    private const int MaxExcerpt = 40;

    public static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Null => "null",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a string",
        JsonValueKind.Array => "an array",
        _ => "an object",
    };

    /// <summary>The value itself where that is short, else its beginning: the sender knows what was sent.</summary>
    public static string Excerpt(JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            return KindOf(value);

        string text = value.GetRawText();
        if (text.Length <= MaxExcerpt)
            return text;
        int end = MaxExcerpt - 1;
        return (char.IsHighSurrogate(text[end - 1]) ? text[..(end - 1)] : text[..end]) + "…";
    }
}
