using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using RealtimeOps.IntegrationTests.Security;

namespace RealtimeOps.IntegrationTests.Abuse;

/// <summary>Makes requests that are right in most places and wrong in some, all from a seed.</summary>
/// <param name="seed">Another one makes other cases.</param>
/// <param name="doors">Where they go.</param>
/// <param name="things">Ids of what is there, by the name of the parameter that takes them.</param>
internal sealed partial class FuzzGrammar(int seed, IReadOnlyList<FuzzDoor> doors, IReadOnlyDictionary<string, string[]> things)
{
    /// <summary>Who asks; the last are no credentials at all.</summary>
    private static readonly string?[] Credentials =
    [
        .. Enumerable.Repeat("Bearer " + Keys.Of("bob"), 70), .. Enumerable.Repeat("Bearer " + Keys.Of("carl"), 50), null, null, null, null, null, null, null, null, "Bearer", "Bearer ", "Bearer " + Keys.Of("nobody"), "Basic Ym9iOmJvYg==", "bearer\t" + Keys.Of("bob"), "Digest x",
        "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm5hIiwic2NvcGUiOiJhZG1pbiJ9.", "Bearer eyJhbGciOiJIUzI1NiJ9.e30.", "Bearer a.b.c", "Bearer " + new string('.', 3000), "Bearer é", "Bearer \0", "Bearer a, Bearer b",
    ];

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "PROPFIND", "A", new string('M', 100), "GE T", "G\0T", ""];

    private static readonly string[] Parameters =
    [
        "pageToken", "pageSize", "state", "tag.a", "tag.", "tag.é", "tag." + new string('x', 65), "createdAfter", "createdBefore", "delay", "ttl", "notBefore", "lastEventId", "webhook", "profile", "visibility", "upTo", "operation", "subscription", "link",
        "access_token", "made-up", "",
    ];

    public FuzzCase Make(int number)
    {
        var chance = new Chance(seed, number);
        (byte[] bytes, FuzzDoor door, string method, bool mayWait) = Request(chance);
        var made = new FuzzCase(number, bytes, [method]) { MayWait = mayWait, MaySubmit = door.Submits || door.Pattern.EndsWith("/resubmit", StringComparison.Ordinal) };
        if (chance.In(5))
        {
            (byte[] second, FuzzDoor next, string nextMethod, bool nextWaits) = Request(chance);
            made = made with { Bytes = [.. bytes, .. second], Methods = [method, nextMethod], MayWait = mayWait || nextWaits, MaySubmit = made.MaySubmit || next.Submits };
        }

        return chance.In(12) ? Break(chance, made) : made;
    }

    private (byte[] Bytes, FuzzDoor Door, string Method, bool MayWait) Request(Chance chance)
    {
        FuzzDoor door = chance.Of(doors);
        string method = chance.In(3) ? chance.Of(Methods) : door.Method;
        var head = new StringBuilder();
        string target = Path(chance, door) + Query(chance);
        string version = chance.In(2) ? chance.Of(["HTTP/1.0", "HTTP/2.7", "HTTP/0.9", "HTTP", "http/1.1", ""]) : "HTTP/1.1";
        head.Append(CultureInfo.InvariantCulture, $"{method} {(chance.In(2) ? chance.Of(["http://localhost", "http://[::1", "https://é/", "*", "//", "\\"]) : "")}{target} {version}\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Host: {(chance.In(3) ? chance.Of(["", "é", "a b", "localhost:99999", "[::1]", "a,b", "../x", new string('h', 300), "127.0.0.1:1:2"]) : "localhost")}\r\n");
        if (chance.Of(Credentials) is { } credential)
        {
            head.Append(CultureInfo.InvariantCulture, $"{(chance.In(10) ? "X-Api-Key: " + credential.Replace("Bearer ", "", StringComparison.Ordinal) : "Authorization: " + credential)}\r\n");
        }

        bool waits = false;
        foreach ((string name, string[] values, int often) in Headers)
        {
            if (chance.In(often))
            {
                string value = chance.In(4) ? chance.Of(OddValues.Texts) : chance.Of(values);
                waits |= name == "Prefer" && value.Contains("wait", StringComparison.Ordinal);
                head.Append(CultureInfo.InvariantCulture, $"{name}: {value.Replace('\r', ' ').Replace('\n', ' ')}\r\n");
            }
        }

        byte[] body = door.TakesBody || chance.In(5) ? Body(chance, head, target) : [];
        head.Append("\r\n");
        return ([.. Encode(chance, head.ToString()), .. body], door, method, waits);
    }

    private static readonly (string Name, string[] Values, int Often)[] Headers =
    [
        ("Prefer", OddValues.Prefers, 12), ("Accept", OddValues.Accepts, 20), ("If-None-Match", OddValues.EntityTags, 8), ("If-Match", OddValues.EntityTags, 3), ("If-Range", OddValues.EntityTags, 3), ("Range", OddValues.Ranges, 6),
        ("If-Modified-Since", OddValues.Instants, 2), ("Last-Event-ID", [.. OddValues.Numbers, "abc:1", "a:1:r:2:3", "a:1:r:253402300799999:9223372036854775807", "a:1:u:99999999999999999:1", ":::::"], 8),
        ("Idempotency-Key", ["\"fuzz-1\"", "\"fuzz-2\"", "fuzz-3", "\"", "\"\"", "\"a\\\"b\\\\\"", new string('k', 256)], 12), ("Content-Encoding", ["identity", "gzip", "br, gzip", ""], 2), ("Expect", ["100-continue", "nothing"], 1),
        ("traceparent", ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-00000000000000000000000000000000-0000000000000000-00", "ff-x-y-z", new string('0', 5000)], 5), ("tracestate", ["a=b", "=,=", new string('t', 3000)], 2),
        ("baggage", ["a=b", "%=%"], 1), ("X-Forwarded-For", ["1.2.3.4", "::1, garbage", "1.2.3.4:99999", "unknown", new string(',', 500)], 4), ("X-Forwarded-Proto", ["https", "javascript", "http,https", "é"], 4),
        ("X-Forwarded-Host", ["a.example", "a b", "é.example", "[::1]:1", "a.example, b.example"], 4), ("X-Forwarded-Prefix", ["/base", "base", "/é", "//", "/a?b", "/%2e%2e"], 4), ("Origin", ["null", "http://localhost", "https://evil.example", "é", "://"], 3),
        ("Sec-Fetch-Site", ["same-origin", "cross-site", "none", "é"], 2), ("Cookie", ["realtimeops-session=x", "realtimeops=a.b; =; ;", new string('c', 3000), "a=\0"], 4), ("Upgrade", ["websocket", "h2c"], 2), ("Sec-WebSocket-Key", ["x", "dGhlIHNhbXBsZSBub25jZQ=="], 1),
        ("Access-Control-Request-Method", ["GET", "é"], 1), ("X-" + new string('n', 200), ["1"], 1), ("X-Long", [new string('v', 40_000)], 1), ("Transfer-Encoding", ["identity", "gzip", "chunked, chunked"], 1),
    ];

    private string Path(Chance chance, FuzzDoor door) => Parameter().Replace(chance.In(75) ? door.Pattern.Replace("{type}/{id}", chance.Of(things["operation"]), StringComparison.Ordinal) : door.Pattern, match =>
    {
        string name = match.Groups["name"].Value;
        string[] known = things.GetValueOrDefault(name, []);
        string value = known.Length > 0 && chance.In(92) ? chance.Of(known)
            : chance.Of([new string('a', 128), new string('a', 129), new string('a', 9000), ".", "..", "~", "%", "%zz", "%00", "%2F", "%C3%A9", "%ED%A0%80", "%FF", "%0d%0a", "a b", "a;b=c", "none.such", new string('x', 76) + "%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80", .. OddValues.Texts.Select(Uri.EscapeDataString), "é", "\u0001"]);
        return value;
    });

    private string Query(Chance chance)
    {
        var query = new StringBuilder();
        for (int count = chance.In(65) ? 0 : 1 + chance.Below(2); count > 0; count--)
        {
            string name = chance.Of(Parameters);
            string[] values = name switch
            {
                "createdAfter" or "createdBefore" or "notBefore" => OddValues.Instants,
                "delay" or "ttl" => OddValues.Durations,
                "webhook" => OddValues.Webhooks,
                "state" => OddValues.States,
                "profile" => ["azure", "Azure", "none"],
                "pageToken" => ["MQ", "OTk5OTk5OTk5OTk5OTk5OTk5OTk", "AAAA", "====", "_-_-", "LTE"],
                "operation" => ["/operations/demo.steps/bobs-ended", "http://localhost/operations/demo.steps/annas-running", "mailto:x", "//", "/operations/%00/%00"],
                "upTo" => [.. things.GetValueOrDefault("message", []), "msg_0"],
                "link" or "access_token" => ["x", "a.b", new string('A', 86), Keys.Of("bob")],
                _ => OddValues.Numbers,
            };
            string value = chance.In(20) ? chance.Of(OddValues.PrivateTexts) : chance.Of(values);
            query.Append(query.Length == 0 ? '?' : '&').Append(name).Append(chance.In(97) ? "=" : "").Append(chance.In(90) ? Uri.EscapeDataString(value) : value.Replace('\r', ' ').Replace('\n', ' '));
        }

        return query.ToString();
    }

    private static byte[] Body(Chance chance, StringBuilder head, string target)
    {
        bool isCsv = target.Contains(Inputs.Csv, StringComparison.Ordinal);
        string mediaType = chance.In(85) ? isCsv ? "text/csv" : "application/json" : chance.Of(OddValues.MediaTypes);
        byte[] body = chance.Below(10) switch
        {
            0 when chance.In(30) => chance.Bytes(300),
            1 when chance.In(30) => [],
            2 or 3 or 4 or 5 or 6 or 7 when isCsv => Encode(chance, chance.Of(["a,b\n1,2\n", "a;b\n\"1;2\n", "\0\0\0", "\ufeffa,b\r\n1,2\r\n", "a,a,a\n,,\n", "\"", "\n\n\n", "a\tb\n" + new string('\t', 5000), OddValues.Payload + "\n1\n", new string(',', 20_000)])),
            9 when chance.In(5) => new byte[1_100_000],
            _ => Encode(chance, OddJson.Body(chance, target)),
        };
        if (chance.In(97))
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {mediaType}\r\n");
        }

        if (chance.In(85))
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
            return body;
        }

        head.Append("Transfer-Encoding: chunked\r\n");
        return [.. Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"), .. body, .. body.Length > 0 ? "\r\n0\r\n\r\n"u8 : "\r\n"u8];
    }

    /// <summary>Does to the bytes what no client would: the framing is gone, or may be.</summary>
    private static FuzzCase Break(Chance chance, FuzzCase made)
    {
        // Without its question mark a query is a path, and paths are logged.
        string text = Encoding.Latin1.GetString(made.Bytes).Replace("=" + OddValues.Payload, "=word", StringComparison.Ordinal).Replace("=" + Keys.Of("bob"), "=key", StringComparison.Ordinal);
        byte[] bytes = Latin(text);
        int at = chance.Below(bytes.Length);
        byte[] broken = chance.Below(9) switch
        {
            0 => bytes[..at],
            1 => [.. bytes[..at], .. chance.Bytes(8), .. bytes[at..]],
            2 => [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + 1 + chance.Below(20))..]],
            3 => Latin(ContentLength().Replace(text, $"Content-Length: {chance.Of(["-1", "1", "99999999999999999999", "0x5", "5, 6", "", "1000000000000"])}", 1)),
            4 => Latin(text.Replace("\r\n", chance.Of(["\n", "\r", "\r\n\r\n", " \r\n"]), StringComparison.Ordinal)),
            5 => Latin(text.Replace("chunked\r\n\r\n", $"chunked\r\n\r\n{chance.Of(["-1", "ffffffffffffffff", "zz", "5;x=\"", "7fffffff"])}\r\n", StringComparison.Ordinal)),
            6 => Latin(text.Replace("\r\nHost", "\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\nHost", StringComparison.Ordinal)),
            7 => chance.Bytes(200),
            _ => bytes,
        };
        return made with { Bytes = broken, IsBroken = true };
    }

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);

    private static byte[] Encode(Chance chance, string text) => (chance.In(93) ? Encoding.UTF8 : Encoding.Latin1).GetBytes(text);

    [GeneratedRegex(@"\{\**(?<name>\w+)[^}]*\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex("Content-Length: [0-9]*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ContentLength();
}
