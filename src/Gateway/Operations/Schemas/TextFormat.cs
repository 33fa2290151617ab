using System.Collections.Frozen;
using System.Text.Json;

namespace RealtimeOps.Operations.Schemas;

/// <summary>What a string stands for. Decided by the deserializer itself: no second reading of the same grammar could disagree.</summary>
internal sealed record TextFormat(string Description, Func<JsonElement, bool> Reads)
{
    private static readonly FrozenDictionary<string, TextFormat> All = new Dictionary<string, TextFormat>
    {
        ["date-time"] = new("a date and time such as 2026-01-31T09:30:00Z", value => Is<DateTime>(value) && Is<DateTimeOffset>(value)),
        ["date"] = new("a date such as 2026-01-31", Is<DateOnly>),
        ["time"] = new("a time of day such as 09:30:00", Is<TimeOnly>),
        ["timespan"] = new("a time span such as 1.09:30:00 (days, hours, minutes, seconds)", Is<TimeSpan>),
        ["uuid"] = new("a UUID such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301", Is<Guid>),
        ["uri"] = new("an absolute URI such as https://example.org/", value => Is<Uri>(value) && IsAbsoluteUri(value.GetString()!)),
        ["version"] = new("a version such as 1.2.3", Is<Version>),
        ["char"] = new("a single UTF-16 character", Is<char>),
        ["base64"] = new("base64", value => value.TryGetBytesFromBase64(out _)),
    }.ToFrozenDictionary();

    public static TextFormat Named(string name) =>
        All.GetValueOrDefault(name) ?? throw new NotSupportedException($"The format {name} of JSON Schema is not checked.");

    private static bool Is<T>(JsonElement value)
    {
        try
        {
            value.Deserialize<T>(InputJson.Options);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>On Unix <see cref="Uri"/> takes "/a" for a file's absolute URI.</summary>
    private static bool IsAbsoluteUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && text.StartsWith($"{uri.Scheme}:", StringComparison.OrdinalIgnoreCase);
}
