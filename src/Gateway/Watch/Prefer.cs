using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace RealtimeOps.Watch;

/// <summary>The two preferences of RFC 7240 that the gateway honours. Others, and malformed ones, are ignored, as the RFC says.</summary>
/// <param name="Wait">Seconds to wait, 60 at most; 0 when not asked for.</param>
/// <param name="RespondAsync">The client asks not to be kept waiting.</param>
internal readonly record struct Prefer(int Wait, bool RespondAsync)
{
    private const int LongestWait = 60;

    /// <summary>What was honoured, for <c>Preference-Applied</c>; null when nothing was asked for.</summary>
    public string? Applied => (Wait, RespondAsync) switch
    {
        (0, false) => null,
        (0, true) => "respond-async",
        (_, false) => "wait=" + Wait.ToString(CultureInfo.InvariantCulture),
        _ => "respond-async, wait=" + Wait.ToString(CultureInfo.InvariantCulture),
    };

    public static Prefer Read(HttpRequest request)
    {
        if (!request.Headers.TryGetValue("Prefer", out StringValues values))
        {
            return default;
        }

        var prefer = default(Prefer);
        foreach (string? value in values)
        {
            foreach (Range range in Split(value))
            {
                prefer = prefer.With(value.AsSpan()[range].Trim());
            }
        }

        return prefer;
    }

    private static IEnumerable<Range> Split(string? value)
    {
        int start = 0;
        for (int i = 0; value is not null && i <= value.Length; i++)
        {
            if (i == value.Length || value[i] == ',')
            {
                yield return start..i;
                start = i + 1;
            }
        }
    }

    private Prefer With(ReadOnlySpan<char> preference)
    {
        int parameters = preference.IndexOf(';');
        ReadOnlySpan<char> main = (parameters < 0 ? preference : preference[..parameters]).Trim();
        if (main.Equals("respond-async", StringComparison.OrdinalIgnoreCase))
        {
            return this with { RespondAsync = true };
        }

        int equals = main.IndexOf('=');
        return equals > 0
            && main[..equals].Trim().Equals("wait", StringComparison.OrdinalIgnoreCase)
            && Wait == 0
            && double.TryParse(main[(equals + 1)..].Trim().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out double seconds)
            ? this with { Wait = (int)Math.Min(seconds, LongestWait) }
            : this;
    }
}
