using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace RealtimeOps.Hangfire;

/// <summary>
/// The input of a recurring operation, from configuration. That knows text only, so in a section what looks like a number, true or false becomes
/// one; where that is wrong, the setting's value can be the whole input as JSON text.
/// </summary>
internal static class RecurringInput
{
    /// <exception cref="JsonException">The setting's text is not JSON.</exception>
    public static byte[] Read(IConfigurationSection input) =>
        JsonSerializer.SerializeToUtf8Bytes(input.Value is { } text ? JsonNode.Parse(text) : NodeOf(input));

    private static JsonNode? NodeOf(IConfigurationSection section)
    {
        IConfigurationSection[] children = [.. section.GetChildren()];
        if (children.Length == 0)
        {
            return section.Value is null ? new JsonObject() : Scalar(section.Value);
        }

        return children.Select((child, index) => child.Key == index.ToString(CultureInfo.InvariantCulture)).All(isIndex => isIndex)
            ? new JsonArray([.. children.Select(NodeOf)])
            : new JsonObject(children.Select(child => KeyValuePair.Create(child.Key, NodeOf(child))));
    }

    private static JsonNode Scalar(string text) =>
        bool.TryParse(text, out bool boolean) ? JsonValue.Create(boolean)
        : decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) ? JsonValue.Create(number)
        : JsonValue.Create(text);
}
