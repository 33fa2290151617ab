using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Shouldly;
using Xunit;

namespace RealtimeOps.TestSupport;

/// <summary>A client that asks for a stream and then takes as little of it as it likes: with a small receive buffer the server soon feels it.</summary>
public sealed class RawStream : IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Of the connection; one that was reset does not tell any more.</summary>
    private (int Here, int There) _ports;

    /// <summary>Answers as soon as the request is sent.</summary>
    public static async Task<RawStream> OpenAsync(Uri uri, int receiveBuffer = 4096)
    {
        var stream = new RawStream();
        stream._socket.ReceiveBufferSize = receiveBuffer;
        await stream._socket.ConnectAsync(uri.Host, uri.Port, TestContext.Current.CancellationToken);
        stream._ports = (((IPEndPoint)stream._socket.LocalEndPoint!).Port, uri.Port);
        byte[] request = Encoding.ASCII.GetBytes($"GET {uri.PathAndQuery} HTTP/1.1\r\nHost: {uri.Authority}\r\nAccept: text/event-stream\r\n\r\n");
        (await stream._socket.SendAsync(request, TestContext.Current.CancellationToken)).ShouldBe(request.Length);
        return stream;
    }

    /// <summary>Takes some bytes, one at least; 0 at the end.</summary>
    public Task<int> ReadAsync(byte[] buffer) => _socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).AsTask().Limited();

    /// <summary>Waits until the connection is no more, without reading from it: the system forgets a connection that was reset.</summary>
    public async Task CutAsync(TimeSpan limit)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(limit);
        while (IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections().Any(tcp => (tcp.LocalEndPoint.Port, tcp.RemoteEndPoint.Port) == _ports && tcp.State == TcpState.Established))
        {
            await Task.Delay(LookInterval, TimeProvider.System, late.Token);
        }
    }

    public void Dispose() => _socket.Dispose();
}
