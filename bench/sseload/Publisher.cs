using System.Diagnostics;
using System.Text;

using Bench;

namespace SseLoad;

/// <summary>Open-loop publisher: event k is due at start + k/rate; a few blocking keep-alive connections share the events,
/// so one slow answer does not hold the others back. The stamp is the due time (or, with --stamp send, the send time).</summary>
internal sealed unsafe class Publisher(UrlTemplate url, string method, string bodyTemplate, string[] headers, string[] topics, double rate, long total, int payloadBytes, int lanes, bool stampSend)
{
    private long _published, _errors;
    public readonly Histogram Lag = new(), Answer = new();
    public long StartNs, LastDoneNs;
    public string? FirstError;
    public long Published => Volatile.Read(ref _published);
    public long Errors => Volatile.Read(ref _errors);

    public Thread[] Start(long startNs, long stopNs)
    {
        StartNs = startNs;
        var ts = new Thread[lanes];
        for (int i = 0; i < lanes; i++) { int lane = i; ts[i] = new Thread(() => Lane(lane, stopNs), 256 * 1024) { IsBackground = true }; ts[i].Start(); }
        return ts;
    }

    private void Lane(int lane, long stopNs)
    {
        var lag = new Histogram(); var answer = new Histogram();
        int fd = -1;
        byte[] rx = new byte[16384];
        for (long k = lane; k < total; k += lanes)
        {
            long due = StartNs + (long)(k * 1e9 / rate);
            if (Stopwatch.GetTimestamp() < due) Native.SleepUntil(due);
            long now = Stopwatch.GetTimestamp();
            if (now > stopNs) break; // bounded in time even if the server cannot keep up
            string topic = topics[(int)(k % topics.Length)];
            string payload = Token.Payload(k, stampSend ? now : due, payloadBytes, topic);
            byte[] body = Encoding.UTF8.GetBytes(bodyTemplate.Replace("{payload-json}", payload.Replace("\\", "\\\\").Replace("\"", "\\\"")).Replace("{payload}", payload).Replace("{topic}", topic));
            byte[] req = url.Request(method, topic, lane, k, headers, body);
            lag.Add(now - due);
            string? err = null;
            for (int attempt = 0; attempt < 2; attempt++)
            {
                if (fd < 0) { fd = Native.Connect(url.Ip, url.Port, nonBlocking: false); if (fd < 0) { err = "connect failed"; continue; } Native.SetTimeouts(fd, 10); }
                err = Exchange(fd, req, rx, out bool keep, out bool retry);
                if (!keep) { Native.close(fd); fd = -1; }
                if (err is null || !retry) break;
            }
            answer.Add(Stopwatch.GetTimestamp() - now);
            if (err is null) Interlocked.Increment(ref _published);
            else { Interlocked.Increment(ref _errors); FirstError ??= err; }
        }
        if (fd >= 0) Native.close(fd);
        lock (Lag) { Lag.Merge(lag); Answer.Merge(answer); LastDoneNs = Math.Max(LastDoneNs, Stopwatch.GetTimestamp()); }
    }

    private static string? Exchange(int fd, byte[] req, byte[] rx, out bool keep, out bool retry)
    {
        keep = false; retry = false;
        fixed (byte* p = req, r = rx)
        {
            int off = 0;
            while (off < req.Length) { nint s = Native.send(fd, p + off, req.Length - off, 0x4000); if (s <= 0) { retry = true; return "send failed"; } off += (int)s; }
            int have = 0, end = -1;
            while (end < 0)
            {
                if (have == rx.Length) return "answer head too long";
                nint g = Native.recv(fd, r + have, rx.Length - have, 0);
                if (g <= 0) { retry = have == 0 && g == 0; return "no answer"; }
                have += (int)g;
                end = rx.AsSpan(0, have).IndexOf("\r\n\r\n"u8);
            }
            string head = Encoding.ASCII.GetString(rx, 0, end);
            int status = int.Parse(head.AsSpan(9, 3));
            string low = head.ToLowerInvariant();
            keep = !low.Contains("connection: close") && !low.StartsWith("http/1.0", StringComparison.Ordinal);
            long len = 0; bool chunked = low.Contains("transfer-encoding: chunked");
            int cl = low.IndexOf("content-length:", StringComparison.Ordinal);
            if (cl >= 0) { int e = low.IndexOf('\r', cl); len = long.Parse((e < 0 ? low[(cl + 15)..] : low[(cl + 15)..e]).Trim()); }
            if (chunked) { if (!rx.AsSpan(end, have - end).EndsWith("0\r\n\r\n"u8)) DrainChunked(fd, r, rx, have, end); }
            else if (status != 204 && status != 304)
            {
                long left = len - (have - end - 4);
                while (left > 0) { nint g = Native.recv(fd, r, (nint)Math.Min(left, rx.Length), 0); if (g <= 0) { keep = false; break; } left -= g; }
            }
            return status is >= 200 and < 300 ? null : "status " + status;
        }
    }

    private static void DrainChunked(int fd, byte* r, byte[] rx, int have, int end)
    {
        // Publish answers are tiny: keep the last five bytes and wait for the closing chunk.
        Span<byte> tail = stackalloc byte[5]; rx.AsSpan(Math.Max(end, have - 5), Math.Min(5, have - end)).CopyTo(tail);
        while (!tail.SequenceEqual("0\r\n\r\n"u8))
        {
            nint g = Native.recv(fd, r, rx.Length, 0); if (g <= 0) return;
            for (int i = 0; i < g; i++) { tail[1..].CopyTo(tail); tail[4] = rx[i]; }
        }
    }
}
