using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;

namespace RealtimeOps.Webhooks;

/// <summary>Makes one try of one message. No redirect is followed, no proxy used, no certificate excused; of the answer only the beginning is read.</summary>
internal sealed class MessageSender : IDisposable
{
    private const int KeptAnswer = 2048;

    /// <summary>The answer's head decides; its body may not keep the try for long.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    /// <summary>A name is looked up again at least so often: a connection outlives the answer that led to it no longer.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(1);

    private static readonly ProductInfoHeaderValue UserAgent = new("RealtimeOps", Telemetry.Version);

    private readonly HttpMessageInvoker _http;
    private readonly MessageSigner _signer;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    public MessageSender(TargetConnector connector, MessageSigner signer, IOptions<RealtimeOpsOptions> options, TimeProvider time)
    {
        (_signer, _time, _timeout) = (signer, time, options.Value.Webhooks.Timeout);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectCallback = connector.ConnectAsync,
            ConnectTimeout = _timeout,
            MaxConnectionsPerServer = options.Value.Webhooks.ConcurrencyPerTarget,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 16 * 1024,
            PooledConnectionLifetime = ConnectionLifetime,
        });
    }

    /// <summary>Answers what became of the try, and what the receiver says about the next one.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="shutdown"/> broke it off: that is no failed try.</exception>
    public async Task<(DeliveryAttempt Attempt, TimeSpan? RetryAfter)> SendAsync(ClaimedDelivery message, CancellationToken shutdown)
    {
        DateTimeOffset at = _time.GetUtcNow();
        long start = _time.GetTimestamp();
        using Activity? span = DeliveryTrace.Start(message);
        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, shutdown);
        try
        {
            using HttpRequestMessage request = Request(message, span?.Id ?? DeliveryTrace.ParentOf(message), at);
            using HttpResponseMessage response = await _http.SendAsync(request, either.Token);
            timeout.CancelAfter(AnswerLimit);
            string? answer = await ReadBeginningAsync(response, either.Token);
            return (DeliveryTrace.End(span, new DeliveryAttempt(at, (int)response.StatusCode, _time.GetElapsedTime(start), ErrorOf(response), answer)), RetryAfter(response, at));
        }
        catch (Exception failure) when (NameOf(failure) is { } error)
        {
            // Whatever it looks like then, it may be the end of this server that broke it off.
            shutdown.ThrowIfCancellationRequested();
            return (DeliveryTrace.End(span, new DeliveryAttempt(at, Status: null, _time.GetElapsedTime(start), error, Answer: null)), RetryAfter: null);
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(ClaimedDelivery message, string traceParent, DateTimeOffset now)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, message.Target) { Content = new ByteArrayContent(message.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(UserAgent);
        request.Headers.Add("traceparent", traceParent);
        foreach ((string name, string value) in _signer.Headers(message.Id, message.Body, message.Secrets, now))
        {
            request.Headers.Add(name, value);
        }

        return request;
    }

    /// <summary>Whatever goes wrong from here on, the status has been told.</summary>
    private static async Task<string?> ReadBeginningAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[KeptAnswer];
        int count = 0;
        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
            count = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or OperationCanceledException)
        {
            // What there was of a body is not worth a word.
        }

        return count == 0 ? null : Encoding.UTF8.GetString(buffer, 0, count);
    }

    private static string? ErrorOf(HttpResponseMessage response) => (int)response.StatusCode switch
    {
        >= 200 and < 300 => null,
        >= 300 and < 400 => DeliveryErrors.Redirect,
        410 => DeliveryErrors.Gone,
        _ => DeliveryErrors.Status,
    };

    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - now,
        _ => null,
    };

    /// <summary>The name of a failure that belongs to the target or to the way there; null for any other.</summary>
    private static string? NameOf(Exception failure) => failure switch
    {
        TargetRefusedException => DeliveryErrors.TargetRefused,
        OperationCanceledException or TimeoutException => DeliveryErrors.TimedOut,
        AuthenticationException => DeliveryErrors.Tls,
        SocketException socket => NameOf(socket.SocketErrorCode),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => DeliveryErrors.Tls,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => DeliveryErrors.Dns,
        HttpRequestException { InnerException: { } inner } when NameOf(inner) is { } name => name,
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => DeliveryErrors.ConnectionLost,
        HttpRequestException => DeliveryErrors.Protocol,
        IOException { InnerException: { } inner } when NameOf(inner) is { } name => name,
        IOException => DeliveryErrors.ConnectionLost,
        _ => null,
    };

    private static string NameOf(SocketError error) => error switch
    {
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery => DeliveryErrors.Dns,
        SocketError.ConnectionRefused => DeliveryErrors.ConnectionRefused,
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => DeliveryErrors.ConnectionLost,
        SocketError.TimedOut => DeliveryErrors.TimedOut,
        _ => DeliveryErrors.Unreachable,
    };
}
