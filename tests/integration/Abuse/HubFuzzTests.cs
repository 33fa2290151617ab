using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.Logging;
using RealtimeOps.IntegrationTests.Security;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Abuse;

/// <summary>Garbage on the hub's WebSockets: instead of the handshake, instead of calls, as their arguments, and instead of frames.</summary>
[Collection(Alone.Name)]
public sealed class HubFuzzTests
{
    private const int Cases = 600;
    private const string Separator = "\u001e";
    private const string Handshake = "{\"protocol\":\"json\",\"version\":1}" + Separator;

    /// <summary>So long a connection is listened to that the server has nothing to say on.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private static readonly string[] Handshakes =
        ["", Separator, "{}" + Separator, "{\"protocol\":\"none\",\"version\":1}" + Separator, "{\"protocol\":\"json\",\"version\":99}" + Separator, "{\"protocol\":null}" + Separator, "[]" + Separator, "\0" + Separator, new string('{', 5000), new string('x', 100_000)];

    private static readonly string[] Uris =
        ["/operations/test.script/annas-running", "/operations/demo.steps/bobs-ended", "/operations/test.script/bobs-running?link=x", "/operations/%00/%00", "mailto:x", "//", "http://[::1", "/operations/demo.steps/" + new string('x', 20_000)];

    private static readonly string[] Insides = ["   at ", "System.", "Microsoft.", "RealtimeOps.", "Npgsql", "SQLite", Plantation.Canary];

    [Fact(Timeout = 600_000)]
    public async Task Hub_Garbage_NeverFailsNorTells()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(Plantation.Settings, Plantation.Script, logFrom: LogLevel.Trace);
        await Plantation.PlantAsync(server);
        var faults = new ConcurrentQueue<string>();

        await Parallel.ForEachAsync(FuzzSettings.Cases(Cases), TestContext.Current.CancellationToken, async (number, _) =>
        {
            var chance = new Chance(FuzzSettings.Seed, number);
            string said = chance.In(80) ? await SayAsync(server, chance) : await SendFramesAsync(server, chance);
            if (Array.Find(Insides, word => said.Contains(word, StringComparison.Ordinal)) is { } word)
            {
                faults.Enqueue($"Case {number}: the hub says '{word}': {said}");
            }
        });

        foreach (string fault in LogJudge.FaultsOf(server))
        {
            faults.Enqueue(fault);
        }

        FuzzSettings.ShouldBeNone(faults);
        using HubClient hub = await HubClient.ConnectAsync(server.Client.Address, token: Keys.Of("bob"));
        await hub.StreamAsync("Watch", "/operations/demo.steps/bobs-ended", null);
        (await hub.NextItemAsync()).ShouldNotBeNull();
        (await server.Client.GetAsync("/health/ready")).ShouldBe(200);
    }

    /// <summary>What the server answered to some messages.</summary>
    private static async Task<string> SayAsync(GatewayServer server, Chance chance)
    {
        using var socket = new ClientWebSocket();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await socket.ConnectAsync(new UriBuilder(server.Client.Address) { Scheme = "ws", Path = "/hubs/operations", Query = chance.In(80) ? "access_token=" + Keys.Of("bob") : "" }.Uri, limit.Token).Limited();
        var said = new StringBuilder();
        byte[] buffer = new byte[16 * 1024];
        limit.CancelAfter(Patience);
        try
        {
            await SendAsync(socket, chance.In(85) ? Handshake : chance.Of(Handshakes), WebSocketMessageType.Text, limit.Token);
            for (int messages = 1 + chance.Below(3); messages > 0; messages--)
            {
                await SendAsync(socket, Message(chance), chance.In(95) ? WebSocketMessageType.Text : WebSocketMessageType.Binary, limit.Token);
            }

            while (await socket.ReceiveAsync(buffer, limit.Token) is { MessageType: not WebSocketMessageType.Close } received)
            {
                said.Append(Encoding.UTF8.GetString(buffer, 0, received.Count));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or WebSocketException)
        {
            // Nothing more is said, or the server has had enough.
        }

        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        return said.ToString();
    }

    private static string Message(Chance chance)
    {
        string message = chance.Below(10) switch
        {
            0 => OddJson.Body(chance, ""),
            1 => chance.Of(OddValues.PrivateTexts),
            2 => new string('x', 60_000),
            3 => string.Concat(Enumerable.Repeat("{\"type\":6}" + Separator, 200)),
            4 => $"{{\"type\":{chance.Of(OddValues.Numbers)},\"invocationId\":\"1\"}}",
            _ => $"{{\"type\":{chance.Of(["4", "4", "4", "4", "1", "5"])},\"invocationId\":{chance.Of(["\"1\"", "\"2\"", "null", "7"])},\"target\":\"{chance.Of(["Watch", "Watch", "Follow", "Follow", "watch", "OnConnectedAsync", "None", ""])}\",\"arguments\":{Arguments(chance)}}}",
        };
        return message + (chance.In(95) ? Separator : "");
    }

    private static string Arguments(Chance chance) => chance.Below(8) switch
    {
        0 => OddJson.Body(chance, ""),
        1 => $"[\"{chance.Of(Uris)}\"]",
        2 or 3 => $"[\"{chance.Of(Uris)}\",{chance.Of(["null", "0", "-1", "1e3", "9223372036854775808", "\"1\"", "{}"])}]",
        4 or 5 => $"[{OddJson.Body(chance, "/subscriptions")},{chance.Of(["null", "\"abc:1\"", "\"a:1:r:2:3\"", "\":::::\"", "7"])}]",
        6 => "[{\"type\":\"none\",\"state\":[null]},null]",
        _ => "[{\"tags\":{\"a\":\"" + OddValues.Payload + "\"}},null]",
    };

    private static Task SendAsync(ClientWebSocket socket, string message, WebSocketMessageType type, CancellationToken cancellationToken) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message), type, endOfMessage: true, cancellationToken);

    /// <summary>What the server answered to bytes that are no frames, or wrong ones.</summary>
    private static async Task<string> SendFramesAsync(GatewayServer server, Chance chance)
    {
        using RawConnection connection = await RawConnection.OpenAsync(server.Client.Address, TestContext.Current.CancellationToken);
        await connection.SendAsync(Encoding.ASCII.GetBytes($"GET /hubs/operations HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {Keys.Of("bob")}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"), TestContext.Current.CancellationToken);
        (await connection.ReadAsync(isHead: false, TestContext.Current.CancellationToken).Limited())!.Code.ShouldBe(101);
        byte[] frame = chance.Of<byte[]>([chance.Bytes(200), [0x81, 0x05, .. "hello"u8], [0x81, 0xff, .. Enumerable.Repeat((byte)0xff, 12)], [0x8f, 0x80, 0, 0, 0, 0], [0xc1, 0x80, 0, 0, 0, 0], [0x89, 0xfe, 0xff, 0xff, 0, 0, 0, 0], [0x88, 0x81, 0, 0, 0, 0, 1], [0x81, 0x83, 0, 0, 0, 0, 0xff, 0xfe, 0x1e]]);
        await connection.SendAsync(frame, TestContext.Current.CancellationToken);
        connection.EndSending();
        return await connection.ReadToEndAsync(TestContext.Current.CancellationToken).Limited();
    }
}
