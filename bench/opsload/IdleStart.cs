using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Bench.OpsLoad;

/// <summary>
/// One submission at a time on an idle server. The submission holds the connection open as an event stream, so this client
/// sees the operation start: the time to the first snapshot that is no longer queued is an upper bound of the time to the
/// start, since it also holds the publishing and the receiving. With "stamp" the handler writes its own clock reading into
/// the snapshot; the earliest one seen gives a second, closer bound.
/// </summary>
internal static class IdleStart
{
    public static async Task<int> RunAsync(Options o)
    {
        using var target = new Target(o);
        int count = o.Int("count", 500), warmup = o.Int("warmup", 200);
        string body = o.Get("body") ?? """{"steps":1,"stepMs":0,"stamp":true}""";
        byte[] request = target.Submission(body, "", "Accept: text/event-stream");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 10_000 };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, new Uri(o.Need("url")).Port));
        Histogram accepted = new(), seen = new(), stamped = new();
        Usage from = Usage.Take(target.Pids);
        for (int i = -warmup; i < count; i++)
        {
            if (i == 0)
            {
                (accepted, seen, stamped) = (new(), new(), new());
                from = Usage.Take(target.Pids);
            }

            One(socket, request, accepted, seen, stamped);
            await Task.Delay(o.Int("gap-ms", 10));
        }
        var report = new Report(o) { ["count"] = count, ["body"] = body, ["stamps"] = stamped.Count };
        report.Latency("first_event_", accepted);
        report.Latency("start_seen_", seen);
        report.Latency("start_stamped_", stamped);
        report.Cpu(from, Usage.Take(target.Pids), count);
        report.Print();
        return 0;
    }

    private static void One(Socket socket, byte[] request, Histogram accepted, Histogram seen, Histogram stamped)
    {
        byte[] buffer = new byte[256 * 1024];
        int length = 0;
        bool wasAccepted = false, wasSeen = false;
        long t0 = Stopwatch.GetTimestamp();
        socket.Send(request);
        while (true)
        {
            int got = socket.Receive(buffer.AsSpan(length));
            long now = Stopwatch.GetTimestamp();
            if (got == 0) throw new IOException("the server closed the connection");
            length += got;
            ReadOnlySpan<byte> text = buffer.AsSpan(0, length);
            if (!text.StartsWith("HTTP/1.1 202"u8)) throw new IOException("not accepted");
            if (!wasAccepted && text.IndexOf("\ndata: "u8) >= 0) { wasAccepted = true; accepted.Add(now - t0); }
            if (!wasSeen && text.IndexOf("\"startedAt\""u8) >= 0) { wasSeen = true; seen.Add(now - t0); }
            if (text.EndsWith("\r\n0\r\n\r\n"u8)) break;
        }
        int stamp = buffer.AsSpan(0, length).IndexOf("@T"u8);
        if (stamp >= 0) stamped.Add(long.Parse(buffer.AsSpan(stamp + 13, 19), CultureInfo.InvariantCulture) - t0);
    }
}
