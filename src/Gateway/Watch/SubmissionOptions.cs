using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using RealtimeOps.Hosting;
using RealtimeOps.Operations.Schemas;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Watch;

/// <summary>What a submission says beside its input: in query parameters and headers.</summary>
internal sealed partial record SubmissionOptions(
    IReadOnlyDictionary<string, string> Tags, DateTimeOffset DueAt, TimeSpan Retention, string? Webhook, string? IdempotencyKey)
{
    private const int MaxTags = 32;

    private const int MaxTagValue = 256;
    private const int MaxIdempotencyKey = 255;

    private static readonly TimeSpan LongestSpan = TimeSpan.FromDays(3650);

    /// <exception cref="ProblemException">Something is malformed.</exception>
    public static SubmissionOptions Read(HttpRequest request, DateTimeOffset now, RealtimeOpsOptions options, TargetRules targets)
    {
        IQueryCollection query = request.Query;
        return new SubmissionOptions(
            ReadTags(query, options.Limits.Tags),
            ReadDueAt(query, now),
            Single(query, "ttl") is { } ttl ? Span("ttl", ttl, TimeSpan.FromMilliseconds(1)) : options.Retention.AfterEnd,
            ReadWebhook(query, targets),
            ReadKey(request));
    }

    /// <summary>Reads <c>tag.NAME=VALUE</c> parameters, of submissions and of list filters alike.</summary>
    public static Dictionary<string, string> ReadTags(IQueryCollection query, int most = MaxTags)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string parameter, StringValues values) in query)
        {
            if (parameter.StartsWith("tag.", StringComparison.Ordinal))
            {
                CheckTag(parameter[4..], values.Count == 1 ? values[0] : null);
                tags.Add(parameter[4..], values[0]!);
            }
        }

        CheckTags(tags.Count, most);
        return tags;
    }

    /// <exception cref="ProblemException">An operation cannot have this tag.</exception>
    public static void CheckTag(string name, string? value)
    {
        if (!TagName().IsMatch(name) || value is null || value.Length > MaxTagValue)
        {
            throw Bad($"The tag '{Problems.Shorten(name)}' is malformed: a name has 1 to 64 letters, digits, '.', '_' or '-', and one value of at most {MaxTagValue} characters.");
        }
    }

    /// <exception cref="ProblemException">An operation cannot have so many tags.</exception>
    public static void CheckTags(int count, int most = MaxTags)
    {
        if (count > most)
        {
            throw Bad($"An operation may have {most} tags (Limits:Tags); these are {count}.");
        }
    }

    /// <summary>An RFC 3339 instant.</summary>
    public static DateTimeOffset? Instant(IQueryCollection query, string name)
    {
        if (Single(query, name) is not { } text)
        {
            return null;
        }

        return TryInstant(text, out DateTimeOffset instant)
            ? instant
            : throw Bad($"'{name}' must be an RFC 3339 instant such as 2026-01-31T12:00:00Z.");
    }

    public static bool TryInstant(string text, out DateTimeOffset instant)
    {
        bool parsed = InstantPattern().IsMatch(text)
            & DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out instant);
        instant = DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
        return parsed;
    }

    public static string? Single(IQueryCollection query, string name)
    {
        StringValues values = query[name];
        return values.Count <= 1 ? values : throw Bad($"'{name}' may be given once.");
    }

    private static string? ReadWebhook(IQueryCollection query, TargetRules targets) =>
        Single(query, "webhook") is not { } webhook ? null
        : targets.FaultOf(webhook) is { } fault ? throw new ProblemException(InvalidInput.Problem([new InputFault("/webhook", fault)]))
        : webhook;

    private static DateTimeOffset ReadDueAt(IQueryCollection query, DateTimeOffset now)
    {
        string? delay = Single(query, "delay");
        DateTimeOffset? notBefore = Instant(query, "notBefore");
        return (delay, notBefore) switch
        {
            (null, null) => now,
            (not null, not null) => throw Bad("Give either 'delay' or 'notBefore', not both."),
            (not null, null) => now + Span("delay", delay, TimeSpan.Zero),
            _ when notBefore > now + LongestSpan => throw Bad("'notBefore' lies more than ten years ahead."),
            _ => notBefore > now ? notBefore!.Value : now,
        };
    }

    private static TimeSpan Span(string name, string text, TimeSpan shortest)
    {
        try
        {
            TimeSpan span = XmlConvert.ToTimeSpan(text);
            if (span >= shortest && span <= LongestSpan)
            {
                return TimeSpan.FromMilliseconds(Math.Floor(span.TotalMilliseconds));
            }
        }
        catch (Exception malformed) when (malformed is FormatException or OverflowException)
        {
            // The answer below says what is wanted, whichever way it is off.
        }

        throw Bad($"'{name}' must be an ISO 8601 duration such as PT90S or P1D, not negative, ten years at most.");
    }

    /// <summary>The header is a structured-field string; a bare token is taken as well, as many clients send one.</summary>
    private static string? ReadKey(HttpRequest request)
    {
        StringValues values = request.Headers["Idempotency-Key"];
        if (values.Count == 0)
        {
            return null;
        }

        string key = values.Count == 1 ? values[0]!.Trim() : "";
        if (key is ['"', .., '"'])
        {
            key = key[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        }

        return key.Length is > 0 and <= MaxIdempotencyKey && key.All(c => c is >= ' ' and <= '~')
            ? key
            : throw Bad($"Idempotency-Key must be one quoted string of 1 to {MaxIdempotencyKey} printable ASCII characters.");
    }

    private static ProblemException Bad(string detail) => new(Problems.BadRequest(detail));

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TagName();

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InstantPattern();
}
