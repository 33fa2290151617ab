using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Bench;
using Bench.ReportCost;
using RealtimeOps;

// report-cost [--count N] [--watchers N]: a gateway, one handler that reports without pause, and so many event streams of it in the same process. One JSON line.
var options = new Options(args);
int count = options.Int("count", 20_000_000), watchers = options.Int("watchers", 0);
string data = Directory.CreateTempSubdirectory("bench-report.").FullName;
try
{
    WebApplicationBuilder builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0", "--Data:Path=" + data]);
    builder.Logging.ClearProviders();
    builder.Services.AddRealtimeOps().AddOperation<Reporting>("bench.report", "Reports without pause.");
    await using WebApplication app = builder.Build();
    app.MapRealtimeOps();
    await app.StartAsync();
    using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromMinutes(5) };

    using HttpResponseMessage accepted = await client.PostAsJsonAsync("/operations/bench.report?delay=PT1S", new { count });
    Uri uri = accepted.EnsureSuccessStatusCode().Headers.Location!;
    long[] events = await Task.WhenAll(Enumerable.Range(0, watchers).Select(_ => WatchAsync(client, uri)));
    JsonElement result;
    while (true)
    {
        using var poll = new HttpRequestMessage(HttpMethod.Get, uri) { Headers = { { "Prefer", "wait=60" } } };
        using HttpResponseMessage status = await client.SendAsync(poll);
        if (status.StatusCode == System.Net.HttpStatusCode.OK) { result = await client.GetFromJsonAsync<JsonElement>(uri + "/result"); break; }
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{{\"label\":\"gateway\",\"watchers\":{watchers},\"count\":{count},\"ns_per_report\":{result.GetProperty("nsPerReport").GetDouble():0.0},\"bytes_per_report\":{result.GetProperty("bytesPerReport").GetDouble():0.000},\"bytes_pushed\":{events.Sum()}}}"));
}
finally { Directory.Delete(data, recursive: true); }

static async Task<long> WatchAsync(HttpClient client, Uri uri)
{
    using var request = new HttpRequestMessage(HttpMethod.Get, uri) { Headers = { { "Accept", "text/event-stream" } } };
    using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    using Stream body = await response.Content.ReadAsStreamAsync();
    byte[] buffer = new byte[16_384];
    long all = 0;
    for (int got; (got = await body.ReadAsync(buffer)) > 0;) all += got;
    return all;
}
