using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace RealtimeOps.Operations.Schemas;

/// <summary>
/// Strings of a JSON document, some of which are no text: the grammar of JSON lets "\ud800", half a character, pass, and
/// the parser does not look at the UTF-8 of a string before it is asked for it.
/// </summary>
internal static class JsonText
{
    /// <summary>The text of a string, or null when it has none.</summary>
    public static string? Of(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The name of a member, or null when it is no text.</summary>
    public static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The name of a member; bytes that are no text as they stand, so that different names stay different.</summary>
    public static string NameOrBytesOf(JsonProperty member) =>
        NameOf(member) ?? Encoding.Latin1.GetString(JsonMarshal.GetRawUtf8PropertyName(member));

    public static bool AreEqual(JsonElement left, JsonElement right) =>
        Of(left) is { } leftText && Of(right) is { } rightText
            ? leftText == rightText
            : JsonMarshal.GetRawUtf8Value(left).SequenceEqual(JsonMarshal.GetRawUtf8Value(right));
}
