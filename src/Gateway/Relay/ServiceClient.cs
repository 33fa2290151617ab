using System.Buffers.Text;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;
using Polly.Timeout;
using RealtimeOps.Execution;
using RealtimeOps.Hosting;

namespace RealtimeOps.Relay;

/// <summary>
/// Talks to services. No redirect is followed, no cookie kept, no proxy used. The request itself is sent once in an attempt: whether it may be sent again is the
/// operation's business, where it is seen. Asking how it goes may be repeated, and is, as long as the silence lasts.
/// </summary>
internal sealed class ServiceClient(IHttpClientFactory clients, ReportTokens tokens, IOptions<RealtimeOpsOptions> options, TimeProvider time)
{
    public const string Name = "relay";

    private static readonly TimeSpan LongestTry = TimeSpan.FromMinutes(1);
    /// <summary>Below the time that a handler has for stopping.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    public static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,

        // As they came from the client.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        ConnectCallback = ConnectAsync,
    };

    /// <summary>Answers when the head has come, however long that takes.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        clients.CreateClient(Name).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    /// <summary>Sends the relayed request, with where to report to.</summary>
    public async Task<ServiceAnswer> SendAsync(RelayCall call, OperationInput input, Uri target, CancellationToken cancellationToken)
    {
        input.Content.Position = 0;
        var request = new HttpRequestMessage(new HttpMethod(call.Head.Method), target);
        if (input.Length > 0 || call.Head.Method != "DELETE")
        {
            // The stream belongs to whoever gave it, and may be needed again: so the request is not disposed of.
            request.Content = new StreamContent(input.Content);
        }

        bool isRedirectedElsewhere = RelayRoute.OriginOf(target) != RelayRoute.OriginOf(call.Target);
        RelayHeaders.Apply(call.Head.Headers.Where(header => !isRedirectedElsewhere || !RelayHeaders.GoesWithQuestions(header.Key)), request);
        if (request.Headers.Remove(RelayHeaders.IdempotencyKey))
        {
            request.Headers.Add(RelayHeaders.IdempotencyKey, KeyOf(call.Context));
        }

        request.Headers.Add(RelayHeaders.ReportUri, StatusUri(call.Context) + "/report");
        request.Headers.Add(RelayHeaders.ReportToken, tokens.Make(call.Context.Key, call.Context.CreatedAt, call.Context.Attempt));
        request.Headers.Add("Accept-Encoding", "identity");
        HttpResponseMessage response = await SendAsync(request, cancellationToken);
        return await call.ListenAsync(async token => await ServiceAnswer.ReadAsync(response, call.Silence.Break, token), cancellationToken);
    }

    /// <summary>Asks at an address that the service named; again when it does not answer, until the silence is too long.</summary>
    /// <exception cref="HttpRequestException">It could not be reached for so long.</exception>
    /// <exception cref="TimeoutRejectedException">It did not answer for so long.</exception>
    public async Task<ServiceAnswer> GetAsync(RelayCall call, Uri uri, CancellationToken cancellationToken)
    {
        // However long the service had asked to be left alone, it was not silent before it was asked.
        call.Silence.Break();
        return await Pipeline(call.Silence).ExecuteAsync(async token => await AskAsync(call, HttpMethod.Get, uri, token), cancellationToken);
    }

    /// <summary>Tells the service to stop, as its form has it; false when it could not be told.</summary>
    public async Task<bool> StopAsync(RelayCall call, Uri monitor, RemoteForm form)
    {
        using var limit = new CancellationTokenSource(StopLimit, time);
        try
        {
            using ServiceAnswer answer = form is RemoteForm.Google
                ? await AskAsync(call, HttpMethod.Post, new Uri(monitor.AbsoluteUri + ":cancel"), limit.Token)
                : await AskAsync(call, HttpMethod.Delete, monitor, limit.Token);
            return answer.IsSuccess;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException or OperationFailedException)
        {
            return false;
        }
    }

    /// <summary>What a client sends says nothing about where services report to: only on an open server, which answers under names of this machine, its request does.</summary>
    private string StatusUri(OperationContext context) =>
        (options.Value.Relay.ReportUrl ?? options.Value.PublicUrl) is { } url ? $"{url.AbsoluteUri.TrimEnd('/')}/operations/{context.Key}" : context.Uri;

    /// <summary>The same for every sending of one operation, and for no other: the keys of two callers may be equal, and a resubmission is meant to be done anew.</summary>
    private static string KeyOf(OperationContext context) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{context.Key} {context.CreatedAt.ToUnixTimeMilliseconds()}"))));

    /// <summary>A machine that is gone without a word is noticed, however long an answer may take.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 6);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<ServiceAnswer> AskAsync(RelayCall call, HttpMethod method, Uri uri, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, uri);
        if (RelayRoute.OriginOf(uri) == RelayRoute.OriginOf(call.Target))
        {
            RelayHeaders.Apply(call.Head.Headers.Where(header => RelayHeaders.GoesWithQuestions(header.Key)), request);
        }

        request.Headers.Add("Accept-Encoding", "identity");
        return await ServiceAnswer.ReadAsync(await SendAsync(request, cancellationToken), static () => { }, cancellationToken);
    }

    private ResiliencePipeline<ServiceAnswer> Pipeline(Silence silence) => new ResiliencePipelineBuilder<ServiceAnswer> { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions<ServiceAnswer>
        {
            MaxRetryAttempts = int.MaxValue,
            ShouldHandle = tried => ValueTask.FromResult(!silence.IsTooLong && IsTransient(tried.Outcome)),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = FirstPause,
            MaxDelay = LongestPause,
            DelayGenerator = tried => ValueTask.FromResult(tried.Outcome.Result?.RetryAfter(time.GetUtcNow()) is { } wanted ? Within(wanted) : (TimeSpan?)null),
            OnRetry = tried =>
            {
                tried.Outcome.Result?.Dispose();
                return default;
            },
        })
        .AddTimeout(new TimeoutStrategyOptions { Timeout = silence.Limit < LongestTry ? silence.Limit : LongestTry })
        .Build();

    private static TimeSpan Within(TimeSpan wanted) => wanted < FirstPause ? FirstPause : wanted < LongestPause ? wanted : LongestPause;

    private static bool IsTransient(Outcome<ServiceAnswer> outcome) =>
        outcome.Exception is HttpRequestException or IOException or TimeoutRejectedException || outcome.Result is { IsTransient: true };
}
