using System.Net.Sockets;
using System.Text;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Abuse;

/// <summary>A client that holds a connection and gives, or takes, next to nothing.</summary>
internal sealed class SlowClient : IDisposable
{
    private static readonly TimeSpan DripInterval = TimeSpan.FromMilliseconds(500);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };

    public static async Task<SlowClient> ConnectAsync(Uri server, string request)
    {
        var client = new SlowClient();
        await client._socket.ConnectAsync(server.Host, server.Port, TestContext.Current.CancellationToken);
        byte[] bytes = Encoding.ASCII.GetBytes(request);
        (await client._socket.SendAsync(bytes, TestContext.Current.CancellationToken)).ShouldBe(bytes.Length);
        return client;
    }

    /// <summary>Sends a byte now and then, until the server has had enough; answers what it said to that.</summary>
    public async Task<string> DripAsync()
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<string> answer = ReadToEndAsync();
        try
        {
            while (!answer.IsCompleted)
            {
                await Task.WhenAny(answer, Task.Delay(DripInterval, TimeProvider.System, over.Token));
                await _socket.SendAsync("x"u8.ToArray(), over.Token);
            }
        }
        catch (SocketException)
        {
            // Cut.
        }

        await over.CancelAsync();
        return await answer;
    }

    /// <summary>Takes what is there, to the end.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var all = new StringBuilder();
        byte[] buffer = new byte[4096];
        try
        {
            while (await _socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var read)
            {
                all.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // Reset, which is an end too.
        }

        return all.ToString();
    }

    public void Dispose() => _socket.Dispose();
}
