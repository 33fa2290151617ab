using System.Globalization;

namespace RealtimeOps.Operations;

/// <summary>A span of time as people write it: <c>3 s</c>, <c>1 h 30 min</c>.</summary>
internal static class SpanText
{
    public static string Of(TimeSpan span)
    {
        (double Count, string Unit)[] parts = [(span.Days, "d"), (span.Hours, "h"), (span.Minutes, "min"), (span.Seconds + (span.Milliseconds / 1000.0), "s")];
        string text = string.Join(' ', parts.Where(part => part.Count > 0).Select(part => part.Count.ToString(CultureInfo.InvariantCulture) + " " + part.Unit));
        return text.Length > 0 ? text : "0 s";
    }
}
