namespace RealtimeOps.IntegrationTests.Abuse;

/// <summary>What has broken servers before: values at, and far beyond, the edge of what each kind may be.</summary>
internal static class OddValues
{
    /// <summary>Stands in what callers send as their own; no log repeats it.</summary>
    public const string Payload = "planted-fuzz-payload";

    public static readonly string[] Texts =
    [
        "", " ", "a", "é", "日本語", "😀", "\0", "a\0b", "\u0001\u001f", "\u007f\u0085", "\ufeff", "\u202e", "\u2028", "%", "%00", "..", "../../etc/passwd", "'; DROP TABLE operations; --", "\"", "\\", "<script>alert(1)</script>",
        "{{7*7}}", "null", "true", "NaN", "a\r\nX-Made-Up: 1", "a\tb", "\ud800", "a\udc00b", new string('x', 300), new string('x', 76) + "😀😀😀😀😀😀", string.Concat(Enumerable.Repeat("😀", 200)), new string('x', 5000),
    ];

    /// <summary>Where what was sent is nobody's business; paths and headers are logged.</summary>
    public static readonly string[] PrivateTexts = [.. Texts, Payload, Payload, Payload, Payload];

    public static readonly string[] Numbers =
    [
        "0", "1", "2", "200", "201", "-1", "-0", "+1", "1.5", " 1", "007", "0x10", "1_000", "١٢", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e3", "1e9", "1e309", "-1e309", "1E-400",
        "NaN", "Infinity", "", "99999999999999999999999999999999999999", "0.1000000000000000055511151231257827021181583404541015625",
    ];

    public static readonly string[] Instants =
    [
        "2030-01-01T00:00:00Z", "2026-01-01t00:00:00.5z", "2026-01-01 00:00:00Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59-14:00", "2026-02-30T00:00:00Z",
        "2026-01-01T24:00:00Z", "2026-06-30T23:59:60Z", "2026-01-01", "2035-01-01T00:00:00+99:99", "+10000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "1970-01-01T00:00:00-00:00", "0000-00-00T00:00:00Z", "٢٠٢٦-01-01T00:00:00Z", "now", "",
    ];

    public static readonly string[] Durations =
    [
        "PT0S", "PT1S", "PT0.001S", "P1D", "P3650D", "P3651D", "-PT1S", "P1Y", "P9999Y", "P99999999999D", "PT99999999999999999999S", "P", "PT", "P1", "PT1.S", "PT0.0000000001S", "P1W", "PT1e9S", "P10675199DT2H48M5.4775807S",
        "-P10675199DT2H48M5.4775808S", "P10675199DT2H48M5.4775808S", "00:00:01", "",
    ];

    /// <summary>None of these can be reached from anywhere.</summary>
    public static readonly string[] Webhooks =
    [
        "mailbox:fuzz-1", "mailbox:fuzz-2", "mailbox:", "mailbox:../x", "mailbox:a\0b", "MAILBOX:fuzz-1", "https://fuzz.invalid/hook", "https://fuzz.invalid:99999/", "http://127.0.0.1:1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/",
        "https://0x7f000001/", "https://127.1/", "https://user:secret@fuzz.invalid/", "ftp://fuzz.invalid", "javascript:alert(1)", "https://", "//fuzz.invalid", "https://ⓛocalhost/", "https://fuzz.invalid/" + new string('x', 3000),
    ];

    public static readonly string[] States = ["queued", "running", "retrying", "canceling", "succeeded", "failed", "canceled", "pending", "delivered", "dead", "refused", "Queued", "4", "none"];

    public static readonly string[] Prefers =
    [
        "wait=0", "wait=1", "wait=-1", "wait=1e9", "wait=NaN", "wait=", "wait", "wait=\"1\"", "wait=1;x=y", "respond-async", "respond-async, wait=60", "wait=99999999999999999999", "wait=1, wait=2", ",,,", "=", ";", "wait=0x1", "return=minimal",
    ];

    public static readonly string[] MediaTypes =
    [
        "application/json", "application/json", "application/json", "application/json; charset=utf-8", "application/json; charset=\"utf-8\"", "application/json; charset=utf-16", "application/problem+json", "text/csv", "text/csv; header=present",
        "text/csv; x=\"é\"", "text/csv; x=\"a\\\"b\"", "text/csv;;;=", "TEXT/CSV", "text/plain", "*/*", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "/", "json", "text/csv; x=" + new string('y', 2000),
    ];

    public static readonly string[] Accepts =
    [
        "*/*", "application/json", "text/event-stream", "text/event-stream", "application/jsonl", "text/event-stream;q=NaN", "text/event-stream;q=2", "text/event-stream;q=-1", "text/event-stream;q=0", "text/event-stream, application/json;q=0.1", ",", ";",
        "text/event-stream;q=1e400", "text/html", "application/json;profile=azure", new string(',', 2000),
    ];

    public static readonly string[] EntityTags = ["*", "W/\"0\"", "W/\"1\"", "W/\"9223372036854775808\"", "\"\"", "W/\"-1\"", "W/", "\"a", "W/\"1\", W/\"2\"", "garbage", "\"" + new string('x', 3000) + "\""];

    public static readonly string[] Ranges =
        ["bytes=0-0", "bytes=0-", "bytes=-1", "bytes=-0", "bytes=5-1", "bytes=99999999999999999999-", "bytes=0-9223372036854775807", "bytes=0-1,2-3", "bytes=", "items=0-1", "bytes=a-b", "bytes=" + string.Join(',', Enumerable.Repeat("0-0", 500))];
}
