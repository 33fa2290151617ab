using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Xunit;

namespace RealtimeOps.TestSupport;

/// <summary>SignalR's JSON protocol on a WebSocket, as much of it as a test of the wire needs; the real client is tested elsewhere.</summary>
public sealed class HubClient : IDisposable
{
    private const char Separator = '\u001e';

    private readonly ClientWebSocket _socket = new();
    private readonly Queue<JsonElement> _messages = new();
    private readonly StringBuilder _received = new();
    private readonly byte[] _buffer = new byte[64 * 1024];

    /// <summary>Connects as a browser's page of <paramref name="origin"/> would; null for a program.</summary>
    /// <param name="server">Where.</param>
    /// <param name="origin">The page's origin.</param>
    /// <param name="token">The credential, in the query as browsers have to.</param>
    /// <exception cref="WebSocketException">The server refused.</exception>
    public static async Task<HubClient> ConnectAsync(Uri server, string? origin = null, string? token = null)
    {
        var client = new HubClient();
        if (origin is not null)
        {
            client._socket.Options.SetRequestHeader("Origin", origin);
        }

        await client._socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = "/hubs/operations", Query = token is null ? "" : "access_token=" + Uri.EscapeDataString(token) }.Uri, TestContext.Current.CancellationToken).Limited();
        await client.SendAsync("{\"protocol\":\"json\",\"version\":1}");
        await client.NextAsync();
        return client;
    }

    /// <summary>Starts a stream.</summary>
    public Task StreamAsync(string method, params object?[] arguments) =>
        SendAsync(JsonSerializer.Serialize(new { type = 4, invocationId = "1", target = method, arguments }));

    /// <summary>The next item of the stream; null at its end.</summary>
    /// <exception cref="InvalidOperationException">The server refused; the message is the server's.</exception>
    public async Task<JsonElement?> NextItemAsync()
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            JsonElement message = await NextAsync();
            switch (message.GetProperty("type").GetInt32())
            {
                case 2:
                    return message.GetProperty("item");
                case 3:
                    return message.TryGetProperty("error", out JsonElement error) ? throw new InvalidOperationException(error.GetString()) : null;
            }

            Limits.ThrowIfPast(start);
        }
    }

    /// <summary>Waits until the server closes the connection.</summary>
    public async Task ClosedAsync()
    {
        try
        {
            while (true)
            {
                JsonElement message = await NextAsync();
                if (message.GetProperty("type").GetInt32() == 7)
                {
                    return;
                }
            }
        }
        catch (WebSocketException)
        {
            // Closed without a word, which is closed too.
        }
    }

    public void Dispose() => _socket.Dispose();

    private Task SendAsync(string message) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(message + Separator), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken).Limited();

    private async Task<JsonElement> NextAsync()
    {
        while (_messages.Count == 0)
        {
            WebSocketReceiveResult read = await _socket.ReceiveAsync(_buffer, TestContext.Current.CancellationToken).Limited();
            _received.Append(Encoding.UTF8.GetString(_buffer, 0, read.Count));
            string[] parts = _received.ToString().Split(Separator);
            _received.Clear().Append(parts[^1]);
            foreach (string part in parts[..^1])
            {
                _messages.Enqueue(JsonDocument.Parse(part).RootElement);
            }
        }

        return _messages.Dequeue();
    }
}
