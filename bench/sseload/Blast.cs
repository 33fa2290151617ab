using System.Diagnostics;
using System.Net;
using System.Text;

using Bench;

namespace SseLoad;

/// <summary>The floor: one thread, one blocking send() per connection and event, no framework. Also proves what the client can take.
/// Waits for --connections subscribers, then sends for --seconds at --rate (per connection), --batch events in each send.</summary>
internal static unsafe class Blast
{
    public static int Run(Options o)
    {
        int n = o.Int("connections", 1000), batch = o.Int("batch", 1), bytes = o.Int("payload-bytes", 200);
        double rate = o.Num("rate", 10), seconds = o.Num("seconds", 10);
        int ls = Native.Listen(IPAddress.Loopback, o.Int("port", 18099));
        if (ls < 0) { Console.Error.WriteLine("cannot listen"); return 1; }
        Console.WriteLine("ready pid=" + Environment.ProcessId);
        var fds = new int[n];
        byte[] rx = new byte[4096], head = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        fixed (byte* r = rx, h = head)
            for (int i = 0; i < n; i++) { fds[i] = Native.Accept(ls); Native.recv(fds[i], r, rx.Length, 0); Native.send(fds[i], h, head.Length, 0x4000); }
        Thread.Sleep(2500);
        long start = Stopwatch.GetTimestamp(), ticks = (long)(rate * seconds / batch), seq = 0, failed = 0;
        for (long k = 0; k < ticks; k++)
        {
            long due = start + (long)(k * 1e9 * batch / rate);
            if (Stopwatch.GetTimestamp() < due) Native.SleepUntil(due);
            var sb = new StringBuilder();
            for (int b = 0; b < batch; b++) sb.Append("data: ").Append(Token.Payload(seq++, due, bytes, "bench")).Append("\n\n");
            byte[] msg = Encoding.ASCII.GetBytes(sb.Length.ToString("x") + "\r\n" + sb + "\r\n");
            fixed (byte* m = msg) foreach (int fd in fds) if (Native.send(fd, m, msg.Length, 0x4000) != msg.Length) failed++;
        }
        double took = (Stopwatch.GetTimestamp() - start) / 1e9;
        double cpu = Proc.Self();
        Console.WriteLine($"{{\"sent\":{ticks * batch * n},\"sends\":{ticks * n},\"failed\":{failed},\"seconds\":{took:F3},\"cpu_s\":{cpu:F3},\"cpu_us_per_delivery\":{cpu * 1e6 / (ticks * batch * n):F3}}}");
        Thread.Sleep(1500);
        foreach (int fd in fds) Native.close(fd);
        return 0;
    }
}
