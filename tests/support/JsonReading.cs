using System.Globalization;
using System.Text.Json;

namespace RealtimeOps.TestSupport;

/// <summary>Short ways to a member that may be absent.</summary>
public static class JsonReading
{
    public static bool Has(this JsonElement json, string member) => json.TryGetProperty(member, out _);

    public static string? Text(this JsonElement json, string member) => json.TryGetProperty(member, out JsonElement value) ? value.GetString() : null;

    public static long? Number(this JsonElement json, string member) => json.TryGetProperty(member, out JsonElement value) ? value.GetInt64() : null;

    public static DateTimeOffset? Instant(this JsonElement json, string member) =>
        json.Text(member) is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : null;
}
