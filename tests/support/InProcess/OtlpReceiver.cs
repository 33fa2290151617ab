using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace RealtimeOps.TestSupport.InProcess;

/// <summary>Takes OpenTelemetry's exports over HTTP, as a collector does, and keeps the spans and the names of the metrics.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<OtlpSpan> _spans = [];
    private readonly Dictionary<string, string> _metrics = [];
    private readonly WebApplication _app;
    private Signal _came = new();

    private OtlpReceiver()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/traces", context => TakeAsync(context, export => _spans.AddRange(OtlpExport.Spans(export))));
        _app.MapPost("/v1/metrics", context => TakeAsync(context, export =>
        {
            foreach ((string name, string unit) in OtlpExport.Metrics(export))
            {
                _metrics[name] = unit;
            }
        }));
    }

    public string Address => _app.Urls.Single();

    /// <summary>What a server has to be told to export here, without waiting for long.</summary>
    public string[] Settings =>
    [
        $"--OTEL_EXPORTER_OTLP_ENDPOINT={Address}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "--OTEL_BSP_SCHEDULE_DELAY=50", "--OTEL_METRIC_EXPORT_INTERVAL=200",
    ];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync(TestContext.Current.CancellationToken).Limited();
        return receiver;
    }

    /// <summary>All spans so far, once they are as many of the trace as the test waits for.</summary>
    public Task<IReadOnlyList<OtlpSpan>> SpansAsync(Func<IReadOnlyList<OtlpSpan>, bool> enough) => WhenAsync(() => (IReadOnlyList<OtlpSpan>)[.. _spans], enough);

    /// <summary>The units of all metrics so far, by their names.</summary>
    public Task<IReadOnlyDictionary<string, string>> MetricsAsync(Func<IReadOnlyDictionary<string, string>, bool> enough) =>
        WhenAsync(() => (IReadOnlyDictionary<string, string>)new Dictionary<string, string>(_metrics), enough);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(TestContext.Current.CancellationToken);
        await _app.DisposeAsync();
    }

    private async Task<T> WhenAsync<T>(Func<T> read, Func<T, bool> enough)
    {
        while (true)
        {
            T present;
            Signal next;
            lock (_gate)
            {
                (present, next) = (read(), _came);
            }

            if (enough(present))
            {
                return present;
            }

            await next.ReachedAsync();
        }
    }

    private async Task TakeAsync(HttpContext context, Action<ReadOnlyMemory<byte>> take)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Signal came;
        lock (_gate)
        {
            take(body.ToArray());
            (came, _came) = (_came, new Signal());
        }

        came.Set();
        context.Response.ContentType = "application/x-protobuf";
    }
}
