using System.Net.Sockets;
using System.Text;
using Shouldly;
using Xunit;

namespace RealtimeOps.TestSupport;

/// <summary>A stream of server-sent events at the least cost, so that one process can hold thousands: the bytes are kept as they come.</summary>
public sealed class IdleStream : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly StringBuilder _text = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _heartbeat = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private IdleStream() => Ended = Task.CompletedTask;

    /// <summary>The first snapshot has come.</summary>
    public Task First => _first.Task;

    /// <summary>A heartbeat has come.</summary>
    public Task Heartbeat => _heartbeat.Task;

    /// <summary>The server has closed, or cut, the connection.</summary>
    public Task Ended { get; private set; }

    /// <summary>All that has come, chunks and all; whole once it has ended.</summary>
    public string Text => _text.ToString();

    /// <summary>The last event is whole, and the last chunk says that it was the last.</summary>
    public bool IsWhole => Text.EndsWith("\n\n\r\n0\r\n\r\n", StringComparison.Ordinal);

    public static async Task<IdleStream> OpenAsync(Uri uri)
    {
        var stream = new IdleStream();
        await stream._socket.ConnectAsync(uri.Host, uri.Port, TestContext.Current.CancellationToken);
        byte[] request = Encoding.ASCII.GetBytes($"GET {uri.PathAndQuery} HTTP/1.1\r\nHost: {uri.Authority}\r\nAccept: text/event-stream\r\nConnection: close\r\n\r\n");
        (await stream._socket.SendAsync(request, TestContext.Current.CancellationToken)).ShouldBe(request.Length);
        stream.Ended = stream.ReadAsync();
        return stream;
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[1024];
        try
        {
            while (await _socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var read)
            {
                string part = Encoding.UTF8.GetString(buffer, 0, read);
                _text.Append(part);
                if (part.Contains("data: {\"", StringComparison.Ordinal))
                {
                    _first.TrySetResult();
                }

                if (part.Contains("event: heartbeat", StringComparison.Ordinal))
                {
                    _heartbeat.TrySetResult();
                }
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // Cut, or left.
        }
    }
}
