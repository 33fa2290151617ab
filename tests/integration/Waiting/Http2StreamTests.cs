using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using RealtimeOps.Execution;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using RealtimeOps.Watch;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Waiting;

/// <summary>Many streams on one connection, as browsers have them behind TLS. Here without TLS, by prior knowledge.</summary>
[Collection(Alone.Name)]
public sealed class Http2StreamTests
{
    /// <summary>What the server allows on one connection.</summary>
    private const int Streams = 100;

    private static readonly string Ballast = new('x', 4_000);

    [Fact]
    public async Task Watch_ManyOnOneConnectionAndOneOfThemNotRead_TheOthersGoOnToTheEnd()
    {
        var begin = new Signal();
        var mayEnd = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(
            new() { ["Kestrel:EndpointDefaults:Protocols"] = "Http2", ["Streams:WriteDeadline"] = "00:00:05" },
            async (_, context, cancellation) =>
            {
                await begin.WaitAsync(cancellation);
                for (int i = 0; !mayEnd.IsSet; i++)
                {
                    context.Report(1.0, i + Ballast);
                    await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellation);
                }

                return OperationResult.None;
            });
        using HttpClient submitter = Client(server);
        using HttpResponseMessage submitted = await submitter.PostAsync("/operations/test.script", GatewayClient.Json(Inputs.Empty), TestContext.Current.CancellationToken).Limited();
        string uri = (await Answer.ReadAsync(submitted)).ShouldBe(202).Uri;
        int connections = 0;
        using HttpClient watcher = Client(server, () => Interlocked.Increment(ref connections));

        using HttpResponseMessage unread = await OpenAsync(watcher, uri);
        EventStream[] streams = await Task.WhenAll(Enumerable.Range(1, Streams - 1).Select(async _ => await EventStream.OpenAsync(await OpenAsync(watcher, uri))));
        var open = server.Services.GetRequiredService<OpenStreams>();
        open.Count.ShouldBe(Streams);
        begin.Set();
        await Task.WhenAll(streams.Select(stream => ReadAsync(stream, () => open.Count < Streams)));
        mayEnd.Set();
        bool[] ends = await Task.WhenAll(streams.Select(async stream => (await stream.ToEndAsync())[^1].Number("progress") == 100));

        ends.ShouldAllBe(isEnd => isEnd);
        connections.ShouldBe(1);
        foreach (EventStream stream in streams)
        {
            await stream.DisposeAsync();
        }

        // Only the stream that nobody read was cut: its connection still serves.
        (await Should.ThrowAsync<HttpRequestException>(() => unread.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).Limited())).InnerException.ShouldBeOfType<HttpProtocolException>();
        using HttpResponseMessage status = await watcher.GetAsync(uri, TestContext.Current.CancellationToken).Limited();
        status.StatusCode.ShouldBe(HttpStatusCode.OK);
        connections.ShouldBe(1);
    }

    private static HttpClient Client(GatewayServer server, Action? onConnect = null)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                onConnect?.Invoke();
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler)
        {
            BaseAddress = server.Client.Address,
            Timeout = Limits.Limit,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    private static async Task<HttpResponseMessage> OpenAsync(HttpClient client, string uri)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Accept.ParseAdd("text/event-stream");
        HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken).Limited();
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return response;
    }

    /// <summary>Reads on until it may stop.</summary>
    private static async Task ReadAsync(EventStream stream, Func<bool> mayStop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limits.Limit);
        while (!mayStop())
        {
            limit.Token.ThrowIfCancellationRequested();
            (await stream.NextStatusAsync()).ShouldNotBeNull();
        }
    }
}
