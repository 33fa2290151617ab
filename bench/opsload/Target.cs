using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bench.OpsLoad;

/// <summary>The gateway under test: pre-built submissions for the load loop, and the slow-path questions asked around a measurement.</summary>
internal sealed class Target : IDisposable
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(50);
    private readonly HttpClient _http;
    private readonly UrlTemplate _url;

    public Target(Options options)
    {
        string url = options.Need("url");
        _url = new UrlTemplate(url + "/operations/demo.steps");
        _http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(1) };
        Pids = [.. (options.Get("server-pid") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
    }

    public int[] Pids { get; }

    public HttpLoop Connect(int connections) => new(_url.Ip, _url.Port, connections);

    public byte[] Submission(string body, string query = "", params string[] headers) =>
        new UrlTemplate($"http://{_url.HostHeader}{_url.Path}{query}")
            .Request("POST", "", 0, 0, ["Content-Type: application/json", .. headers], Encoding.UTF8.GetBytes(body));

    /// <summary>Waits until the gateway lists no operation that still has something to do; returns when that was seen.</summary>
    public async Task<long> UntilAllEndedAsync(TimeSpan limit)
    {
        long deadline = Stopwatch.GetTimestamp() + (long)limit.TotalNanoseconds;
        while (true)
        {
            using JsonDocument page = await GetAsync("/operations/demo.steps?state=queued&state=running&state=retrying&state=canceling&pageSize=1");
            long now = Stopwatch.GetTimestamp();
            if (page.RootElement.GetProperty("operations").GetArrayLength() == 0) return now;
            if (now > deadline) throw new TimeoutException($"operations are still unfinished after {limit}");
            await Task.Delay(PollEvery);
        }
    }

    /// <summary>Reads the list, newest first, until all of <paramref name="locations"/> were seen ended in success.</summary>
    public async Task<Ended> CheckEndedAsync(HashSet<string> locations)
    {
        int succeeded = 0;
        DateTimeOffset first = DateTimeOffset.MaxValue, last = DateTimeOffset.MinValue;
        string? token = null;
        var missing = new HashSet<string>(locations);
        do
        {
            using JsonDocument page = await GetAsync("/operations/demo.steps?pageSize=200" + (token is null ? "" : "&pageToken=" + Uri.EscapeDataString(token)));
            foreach (JsonElement o in page.RootElement.GetProperty("operations").EnumerateArray())
            {
                if (!missing.Remove(new Uri(o.GetProperty("uri").GetString()!).AbsolutePath)) continue;
                if (!o.TryGetProperty("status", out JsonElement status) || status.GetInt32() != 0) continue;
                succeeded++;
                DateTimeOffset started = o.GetProperty("startedAt").GetDateTimeOffset(), ended = o.GetProperty("endedAt").GetDateTimeOffset();
                if (started < first) first = started;
                if (ended > last) last = ended;
            }
            token = page.RootElement.TryGetProperty("nextPageToken", out JsonElement t) ? t.GetString() : null;
        }
        while (token is not null && missing.Count > 0);
        return new Ended(succeeded, first, last);
    }

    private async Task<JsonDocument> GetAsync(string path)
    {
        await using Stream body = await _http.GetStreamAsync(new Uri(path, UriKind.Relative));
        return await JsonDocument.ParseAsync(body);
    }

    public void Dispose() => _http.Dispose();

    public static string Path(string location) => location.StartsWith('/') ? location : new Uri(location).AbsolutePath;

    /// <summary>A demo.steps input that does nothing, padded to <paramref name="bytes"/>.</summary>
    public static string NoOp(int bytes)
    {
        const string bare = """{"steps":0,"stepMs":0}""";
        const string padded = """{"steps":0,"stepMs":0,"message":""}""";
        return bytes <= padded.Length ? bare : padded.Insert(padded.Length - 2, new string('x', bytes - padded.Length));
    }

    public static string Instant(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

internal readonly record struct Ended(int Succeeded, DateTimeOffset FirstStart, DateTimeOffset LastEnd);
