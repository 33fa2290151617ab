using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace RealtimeOps.TestSupport;

/// <summary>What a gateway calls: a server on a port of its own that keeps every message and answers as the test says.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly Channel<Received> _arrivals = Channel.CreateUnbounded<Received>();
    private readonly ConcurrentQueue<Received> _all = new();
    private readonly WebApplication _app;

    private WebhookReceiver(Func<HttpContext, Received, Task> answer, X509Certificate2? certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate));
        builder.WebHost.UseUrls(certificate is null ? "http://127.0.0.1:0" : "https://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async context =>
        {
            Received message = await Received.ReadAsync(context);
            _all.Enqueue(message);
            _arrivals.Writer.TryWrite(message);
            await answer(context, message);
        });
    }

    /// <summary>Everything that came, in the order of its arrival.</summary>
    public IReadOnlyCollection<Received> All => _all;

    public string Address => _app.Urls.Single();

    /// <summary>Starts one; without <paramref name="answer"/> it takes everything, and without <paramref name="certificate"/> it speaks http.</summary>
    public static async Task<WebhookReceiver> StartAsync(Func<HttpContext, Received, Task>? answer = null, X509Certificate2? certificate = null)
    {
        var receiver = new WebhookReceiver(answer ?? ((_, _) => Task.CompletedTask), certificate);
        await receiver._app.StartAsync(TestContext.Current.CancellationToken).Limited();
        return receiver;
    }

    /// <summary>One that answers the first messages with these codes, one each, and all later ones with 200.</summary>
    public static Task<WebhookReceiver> AnsweringAsync(params int[] codes)
    {
        int count = 0;
        return StartAsync((context, _) =>
        {
            int number = Interlocked.Increment(ref count);
            context.Response.StatusCode = number <= codes.Length ? codes[number - 1] : 200;
            return Task.CompletedTask;
        });
    }

    /// <summary>The next message.</summary>
    public Task<Received> NextAsync() => _arrivals.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Limited();

    public async Task<List<Received>> NextAsync(int count)
    {
        var messages = new List<Received>();
        while (messages.Count < count)
        {
            messages.Add(await NextAsync());
        }

        return messages;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}

/// <summary>A message as it arrived.</summary>
public sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body, DateTimeOffset At)
{
    public string Id => Headers["webhook-id"];

    public long Timestamp => long.Parse(Headers["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture);

    public string[] Signatures => Headers["webhook-signature"].Split(' ');

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public static async Task<Received> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        return new Received(
            context.Request.Path, context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray(), TimeProvider.System.GetUtcNow());
    }

    /// <summary>As the specification of Standard Webhooks says it.</summary>
    public string SignatureBy(string secret)
    {
        byte[] key = Convert.FromBase64String(secret["whsec_".Length..]);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{Id}.{Timestamp}."), .. Body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed));
    }
}
