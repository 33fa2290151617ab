using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Watch;

namespace RealtimeOps.Relay;

/// <summary>Which headers go through, in either direction.</summary>
internal static class RelayHeaders
{
    public const string IdempotencyKey = "Idempotency-Key";

    public const string ReportUri = "Operation-Report-Uri";

    public const string ReportToken = "Operation-Report-Token";

    /// <summary>They describe the body, and go with it.</summary>
    private static readonly string[] OfBody = ["Content-Type", "Content-Encoding", "Content-Language", "Content-Disposition"];

    /// <summary>What a GET may ask for in addition: parts, and what is new.</summary>
    private static readonly string[] OfReading = ["Accept-Encoding", "Range", "If-Range"];

    /// <summary>They belong to one connection (RFC 9110, 7.6.1), or the gateway sets them itself.</summary>
    private static readonly HashSet<string> Never = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Proxy-Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Proxy-Authorization", "Proxy-Authenticate", "Expect", "Host", "Content-Length", "traceparent",
        ReportUri, ReportToken,
    };

    /// <summary>A cookie of the service would be one of the gateway's own origin; the others the server sets itself.</summary>
    private static readonly HashSet<string> NeverBack = new(["Set-Cookie", "Server", "Date", "Strict-Transport-Security", "X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy", .. Never.Except(["Content-Length"], StringComparer.OrdinalIgnoreCase)], StringComparer.OrdinalIgnoreCase);

    /// <summary>An answer that is stored is stored as it is meant, not packed for one reader.</summary>
    public static bool IsNeverPassed(string header) => Never.Contains(header) || header.Equals("Accept-Encoding", StringComparison.OrdinalIgnoreCase);

    /// <summary>Asking how it goes has no body, no condition and no key, but the same credential.</summary>
    public static bool GoesWithQuestions(string header) =>
        !OfBody.Contains(header, StringComparer.OrdinalIgnoreCase) && !header.StartsWith("If-", StringComparison.OrdinalIgnoreCase) && !header.Equals(IdempotencyKey, StringComparison.OrdinalIgnoreCase);

    /// <summary>What is kept of a request, to be sent with it.</summary>
    public static Dictionary<string, string[]> Keep(HttpRequest request, RelayRoute route)
    {
        bool wantsStream = StreamFormat.Accepted(request) is not null;
        return Pick(request, [.. OfBody, IdempotencyKey, .. route.Headers.Where(header => !(wantsStream && header.Equals("Accept", StringComparison.OrdinalIgnoreCase)))]);
    }

    public static Dictionary<string, string[]> KeepOfReading(HttpRequest request, RelayRoute route) => Pick(request, [.. OfReading, .. route.Headers]);

    /// <summary>Puts kept headers where they belong.</summary>
    public static void Apply(IEnumerable<KeyValuePair<string, string[]>> headers, HttpRequestMessage request)
    {
        foreach ((string name, string[] values) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values);
            }
        }
    }

    /// <summary>Copies the head of a service's answer, but for what belongs to its connection and to its origin.</summary>
    public static void CopyBack(HttpResponseMessage answer, HttpResponse response)
    {
        HashSet<string> named = new(answer.Headers.Connection, StringComparer.OrdinalIgnoreCase);
        foreach (HttpHeaders headers in (HttpHeaders[])[answer.Headers, answer.Content.Headers])
        {
            foreach ((string name, HeaderStringValues values) in headers.NonValidated)
            {
                if (!NeverBack.Contains(name) && !named.Contains(name) && values.All(IsSendable))
                {
                    response.Headers[name] = values.ToArray();
                }
            }
        }
    }

    /// <summary>What the server would refuse to send would make the whole answer fail.</summary>
    private static bool IsSendable(string value) => !value.Any(c => c is < ' ' or '\x7f' or > '\xff');

    /// <summary>What the Connection header names belongs to the connection too.</summary>
    private static Dictionary<string, string[]> Pick(HttpRequest request, IReadOnlyCollection<string> names)
    {
        HashSet<string> named = new(request.Headers.Connection.SelectMany(value => value?.Split(',', StringSplitOptions.TrimEntries) ?? []), StringComparer.OrdinalIgnoreCase);
        return names.Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(name => request.Headers.ContainsKey(name) && !named.Contains(name))
            .ToDictionary(name => name, name => request.Headers[name].OfType<string>().ToArray(), StringComparer.OrdinalIgnoreCase);
    }
}
