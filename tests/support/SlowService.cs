using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Xunit;

namespace RealtimeOps.TestSupport;

/// <summary>A service that a gateway relays to: on a port of its own, it keeps the head of every request and answers as the test says.</summary>
public sealed class SlowService : IAsyncDisposable
{
    private readonly Channel<ServiceRequest> _arrivals = Channel.CreateUnbounded<ServiceRequest>();
    private readonly ConcurrentQueue<ServiceRequest> _all = new();
    private readonly WebApplication _app;

    private SlowService(RequestDelegate answer, string address)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        _app = builder.Build();
        _app.Run(async context =>
        {
            var request = new ServiceRequest(context);
            _all.Enqueue(request);
            _arrivals.Writer.TryWrite(request);
            try
            {
                await answer(context);
            }
            catch (OperationCanceledException)
            {
                request.Aborted.Set();
            }
        });
    }

    public string Address => _app.Urls.Single();

    /// <summary>Everything that was asked, in the order of its arrival.</summary>
    public IReadOnlyCollection<ServiceRequest> All => _all;

    public static async Task<SlowService> StartAsync(RequestDelegate answer, string address = "http://127.0.0.1:0")
    {
        var service = new SlowService(answer, address);
        await service._app.StartAsync(TestContext.Current.CancellationToken).Limited();
        return service;
    }

    /// <summary>The next request.</summary>
    public Task<ServiceRequest> NextAsync() => _arrivals.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Limited();

    /// <summary>Answers JSON.</summary>
    public static Task AnswerAsync(HttpContext context, int code, string json, params (string Name, string Value)[] headers) =>
        AnswerAsync(context, code, "application/json", json, headers);

    public static Task AnswerAsync(HttpContext context, int code, string mediaType, string body, params (string Name, string Value)[] headers)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = mediaType;
        foreach ((string name, string value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        return context.Response.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Works until its client gives up.</summary>
    public static Task HangAsync(HttpContext context) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}

/// <summary>The head of a request as it arrived.</summary>
public sealed class ServiceRequest(HttpContext context)
{
    public string Method { get; } = context.Request.Method;

    /// <summary>Path and query, as they were sent.</summary>
    public string Target { get; } = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    public IReadOnlyDictionary<string, string> Headers { get; } =
        context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);

    public string ReportUri => Headers["Operation-Report-Uri"];

    public string ReportToken => Headers["Operation-Report-Token"];

    /// <summary>Its client broke it off.</summary>
    public Signal Aborted { get; } = new();
}
