using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Bench;
using SseLoad;

const string Usage_ = """
sseload subscribe-publish --sub-url URL --connections N --publish-url URL --rate R --seconds S [options]
sseload subscribe         --sub-url URL --connections N --seconds S [options]      an external program publishes
sseload blast             --port P --connections N --rate R --seconds S            raw send() server: the floor, and a test of this client

URL placeholders: {topic} {conn} (subscribe), {topic} {seq} (publish). Only http:// on loopback.
  --publish-method POST        --body '{payload}'     {payload} {payload-json} {topic} are replaced
  --payload-bytes 200          --header 'Name: value' (subscribe; repeatable)   --publish-header 'Name: value' (repeatable)
  --topics K | --topic-file F  connection i listens to topic i % K; event k goes to topic k % K (default one topic, "bench")
  --server-pid PID[,PID]       --warmup 2 (seconds, same rate, not counted)      --settle 1 (seconds after the last connect)
  --recv-threads 1             --publish-lanes 8      --inflight 128 (connects at once)   --connect-timeout 60   --drain 10
  --stamp due|send             due = scheduled time (shows backlog), send = time of the send call
  --count-marker TEXT          (subscribe) count this text instead of reading tokens, e.g. 'data:'
  --expect-events E            (subscribe) events the external program will publish to each connection
  --end-marker TEXT            text that only a connection's last event has, e.g. '"progress":100'; "ends_lost" counts who never saw it
  --label TEXT                 copied to the output
""";

if (args.Length == 0 || args[0] is "-h" or "--help") { Console.WriteLine(Usage_); return 2; }
var o = new Options(args.Skip(1));
try { return args[0] switch { "subscribe-publish" => Measure(o, true), "subscribe" => Measure(o, false), "blast" => Blast.Run(o), _ => throw new ArgumentException("unknown command " + args[0]) }; }
catch (ArgumentException e) { Console.Error.WriteLine(e.Message); return 2; }

static double R(double v, int d = 3) => double.IsFinite(v) ? Math.Round(v, d) : -1;

static int Measure(Options o, bool publish)
{
    var sub = new UrlTemplate(o.Need("sub-url"));
    int n = o.Int("connections", 100);
    double seconds = o.Num("seconds", 10), warmup = o.Num("warmup", publish ? 2 : 0), rate = o.Num("rate", 10);
    int[] pids = (o.Get("server-pid") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(s => int.Parse(s, CultureInfo.InvariantCulture)).ToArray();
    string[] topics = o.Get("topic-file") is { } tf ? File.ReadAllLines(tf).Where(l => l.Length > 0).ToArray()
        : o.Int("topics", 1) is var k && k > 1 ? Enumerable.Range(0, k).Select(i => "bench" + i).ToArray() : ["bench"];
    long warm = (long)Math.Round(rate * warmup), total = publish ? warm + (long)Math.Round(rate * seconds) : 0;
    var headers = new List<string> { "Accept: text/event-stream", "Cache-Control: no-cache" };
    headers.AddRange(o.All("header"));
    byte[]? marker = o.Get("count-marker") is { } cm ? Encoding.UTF8.GetBytes(cm) : null;
    if (marker?.Length > Token.Len) throw new ArgumentException("--count-marker too long");

    byte[]? endMarker = o.Get("end-marker") is { } em ? Encoding.UTF8.GetBytes(em) : null;
    if (endMarker?.Length > Token.Len) throw new ArgumentException("--end-marker too long");

    double Rss() => pids.Sum(Proc.RssKib); double Pss() => pids.Sum(Proc.PssKib);
    double rss0 = Rss(), pss0 = Pss();
    int threads = o.Int("recv-threads", 1);
    var subs = new Subscriber[threads]; var ths = new Thread[threads];
    for (int t = 0; t < threads; t++)
    {
        int count = n / threads + (t < n % threads ? 1 : 0);
        subs[t] = new Subscriber(t, count, threads, sub, id => sub.Request("GET", topics[id % topics.Length], id, 0, headers, null),
            topics.Length, Math.Max(1, o.Int("inflight", 128) / threads), warm, marker, endMarker, (int)(total / topics.Length + 64));
        ths[t] = new Thread(subs[t].Run) { IsBackground = true };
    }
    var conn0 = Usage.Take(pids);
    foreach (var t in ths) t.Start();
    long limit = Stopwatch.GetTimestamp() + (long)(o.Num("connect-timeout", 60) * 1e9);
    while (subs.Sum(s => s.Settled) < n && Stopwatch.GetTimestamp() < limit) Thread.Sleep(5);
    var conn1 = Usage.Take(pids);
    double connectSeconds = (conn1.At - conn0.At) / 1e9;
    Thread.Sleep((int)(o.Num("settle", 1) * 1000));
    double rss1 = Rss(), pss1 = Pss();
    int connected = subs.Sum(s => s.Connected);

    long Delivered() => subs.Sum(s => Volatile.Read(ref s.Delivered)) + subs.Sum(s => Volatile.Read(ref s.Marks));
    long start = Stopwatch.GetTimestamp() + 50_000_000, measureAt = start + (long)(warmup * 1e9), endAt = measureAt + (long)(seconds * 1e9);
    Publisher? pub = null; Thread[] lanes = [];
    if (publish)
    {
        if (!o.Has("publish-header")) { }
        string[] ph = o.Has("publish-header") ? o.All("publish-header") : ["Content-Type: application/json"];
        pub = new Publisher(new UrlTemplate(o.Need("publish-url")), o.Get("publish-method") ?? "POST", o.Get("body-file") is { } bf ? File.ReadAllText(bf) : o.Get("body") ?? "{payload}",
            ph, topics, rate, total, o.Int("payload-bytes", 200), o.Int("publish-lanes", 8), o.Get("stamp") == "send");
        lanes = pub.Start(start, endAt);
    }
    Native.SleepUntil(measureAt);
    var u0 = Usage.Take(pids);
    long delivered0 = Delivered(); long recvs0 = subs.Sum(s => s.Recvs);
    Native.SleepUntil(endAt);
    foreach (var t in lanes) t.Join(TimeSpan.FromSeconds(15));

    // Expected: every connection gets each event of its topic.
    var listeners = new long[topics.Length];
    for (int i = 0; i < n; i++) listeners[i % topics.Length]++;
    long published = pub?.Published ?? 0, attempted = published + (pub?.Errors ?? 0);
    long expected = 0;
    if (pub is not null) for (int t = 0; t < topics.Length; t++) expected += listeners[t] * ((attempted - t + topics.Length - 1) / topics.Length);
    else if (o.Get("expect-events") is { } ee) expected = long.Parse(ee, CultureInfo.InvariantCulture) * n;
    if (connected < n && n > 0) expected = (long)(expected * (double)connected / n);
    long drainStart = Stopwatch.GetTimestamp(), lastChange = drainStart, last = Delivered(), drainMax = (long)(o.Num("drain", 10) * 1e9);
    bool AllEnded() => endMarker is null || subs.Sum(s => Volatile.Read(ref s.Ends)) >= connected;
    while ((last < expected || !AllEnded()) && Stopwatch.GetTimestamp() - drainStart < drainMax && Stopwatch.GetTimestamp() - lastChange < 3_000_000_000)
    {
        Thread.Sleep(5);
        long d = Delivered(); if (d != last) { last = d; lastChange = Stopwatch.GetTimestamp(); }
    }
    if (last >= expected) lastChange = Stopwatch.GetTimestamp();
    var u1 = Usage.Take(pids);
    double rss2 = Rss(), pss2 = Pss();
    long recvs = subs.Sum(s => s.Recvs) - recvs0;
    foreach (var s in subs) s.Stop = true;
    foreach (var t in ths) t.Join(2000);

    var lat = new Histogram(); var ct = new Histogram();
    foreach (var s in subs) { lat.Merge(s.Latency); ct.Merge(s.ConnectTime); }
    long delivered = subs.Sum(s => s.Delivered + s.Marks);
    var per = subs.Select(s => s.PerConn()).ToList();
    long lastSeq = per.SelectMany(p => p.LastSeq).DefaultIfEmpty(-1).Max();
    long inWindow = delivered - delivered0;
    double wall = (lastChange - u0.At) / 1e9, cpu = u1.Server - u0.Server, self = u1.Self - u0.Self, busy = u1.Busy - u0.Busy;
    var result = new Dictionary<string, object?>
    {
        ["label"] = o.Get("label"),
        ["connections"] = n, ["connected"] = connected, ["connect_failed"] = subs.Sum(s => s.Failed), ["closed_early"] = subs.Sum(s => s.Closed),
        ["first_bad_head"] = subs.Select(s => s.FirstBadHead).FirstOrDefault(h => h is not null)?.Split('\r')[0],
        ["connect_seconds"] = R(connectSeconds), ["connect_p99_ms"] = R(ct.Ms(.99)), ["connect_server_cpu_s"] = R(conn1.Server - conn0.Server),
        ["topics"] = topics.Length, ["rate"] = publish || o.Has("rate") ? rate : null, ["seconds"] = seconds, ["warmup_seconds"] = warmup, ["payload_bytes"] = publish ? o.Int("payload-bytes", 200) : null,
        ["published"] = published, ["publish_errors"] = pub?.Errors ?? 0, ["first_publish_error"] = pub?.FirstError, ["publish_not_sent"] = Math.Max(0, total - attempted),
        ["publish_lag_p99_ms"] = R(pub?.Lag.Ms(.99) ?? double.NaN), ["publish_answer_p50_ms"] = R(pub?.Answer.Ms(.5) ?? double.NaN), ["publish_answer_p99_ms"] = R(pub?.Answer.Ms(.99) ?? double.NaN),
        ["expected"] = expected, ["delivered"] = delivered, ["lost"] = Math.Max(0, expected - delivered), ["holes_seen"] = per.Sum(p => p.Missing.Sum()),
        ["duplicated"] = subs.Sum(s => s.Duplicated), ["out_of_order"] = subs.Sum(s => s.OutOfOrder), ["misrouted"] = subs.Sum(s => s.Misrouted),
        ["connections_with_last_event"] = topics.Length == 1 ? per.SelectMany(p => p.LastSeq).Count(l => l == lastSeq && l >= 0) : -1,
        ["ends_lost"] = endMarker is not null ? connected - subs.Sum(s => s.Ends) : topics.Length == 1 && published > 0 ? per.SelectMany(p => p.LastSeq).Count(l => l < attempted - 1) : -1,
        ["p50_ms"] = R(lat.Ms(.5)), ["p90_ms"] = R(lat.Ms(.9)), ["p99_ms"] = R(lat.Ms(.99)), ["p999_ms"] = R(lat.Ms(.999)), ["max_ms"] = R(lat.Max / 1e6), ["mean_ms"] = R(lat.MeanMs),
        ["deliveries_in_window"] = inWindow, ["deliveries_per_s"] = R(inWindow / wall, 0), ["window_seconds"] = R(wall), ["events_per_recv"] = R(recvs == 0 ? 0 : (double)inWindow / recvs, 2),
        ["server_cpu_s"] = R(cpu), ["cpu_us_per_delivery"] = R(cpu * 1e6 / Math.Max(1, inWindow)),
        ["client_cpu_s"] = R(self), ["client_cpu_us_per_delivery"] = R(self * 1e6 / Math.Max(1, inWindow)), ["other_cpu_s"] = pids.Length > 0 ? R(busy - cpu - self) : -1, ["steal_s"] = R(u1.Steal - u0.Steal),
        ["rss_before_kib"] = R(rss0, 0), ["rss_connected_kib"] = R(rss1, 0), ["rss_after_kib"] = R(rss2, 0), ["pss_before_kib"] = R(pss0, 0), ["pss_connected_kib"] = R(pss1, 0), ["pss_after_kib"] = R(pss2, 0),
        ["rss_per_connection_kib"] = R((rss1 - rss0) / Math.Max(1, connected), 2), ["pss_per_connection_kib"] = R((pss1 - pss0) / Math.Max(1, connected), 2), ["pss_per_connection_after_kib"] = R((pss2 - pss0) / Math.Max(1, connected), 2),
    };
    Console.WriteLine(JsonSerializer.Serialize(result, new JsonSerializerOptions { WriteIndented = o.Has("pretty"), TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(), Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    return connected == n ? 0 : 1;
}
