using System.Diagnostics;
using System.Net;
using System.Text;

using Bench;

namespace SseLoad;

/// <summary>One epoll thread that owns a share of the connections.</summary>
internal sealed unsafe class Subscriber
{
    private enum Phase : byte { Idle, Connecting, Head, Body, Dead }

    private struct Conn
    {
        public int Fd, Id, Topic;
        public Phase Phase;
        public bool Chunked;
        public byte ChunkState;      // 0 size, 1 size ignoring extension, 2 data, 3 CRLF after data
        public long ChunkLeft;       // bytes left in the present chunk, or -1 for a body without chunks
        public int CarryLen;
        public byte[]? Carry;        // head bytes so far, or the tail of the decoded body that may hold half a token
        public ulong[] Seen;         // one bit per sequence number of this topic
        public long MaxSeq;
        public bool HasEnd;          // has seen the end marker
    }

    private readonly Conn[] _c;
    private readonly int _ep;
    private readonly Func<int, byte[]> _request;
    private readonly IPAddress _ip; private readonly int _port;
    private readonly int _topics, _inflight;
    private readonly byte[]? _countMarker, _endMarker;
    private readonly long _measuredFrom;
    public readonly Histogram Latency = new();
    public readonly Histogram ConnectTime = new();
    public long Delivered, DeliveredMeasured, Duplicated, OutOfOrder, Misrouted, BytesIn, Marks, Recvs;
    public int Connected, Failed, Closed, Ends;
    public string? FirstBadHead;
    public volatile bool Stop;
    private int _next, _pending;
    private readonly long[] _startedAt;
    private byte[] _dec = new byte[256 * 1024];

    public Subscriber(int first, int count, int step, UrlTemplate url, Func<int, byte[]> request, int topics, int inflight, long measuredFrom, byte[]? countMarker, byte[]? endMarker, int seenBits)
    {
        _c = new Conn[count]; _startedAt = new long[count];
        for (int i = 0; i < count; i++)
        {
            int id = first + i * step;
            _c[i] = new Conn { Id = id, Fd = -1, Topic = id % topics, MaxSeq = -1, Seen = new ulong[seenBits / 64 + 1] };
        }
        _ep = Native.epoll_create1(0x80000);
        _request = request; _ip = url.Ip; _port = url.Port; _topics = topics; _inflight = inflight;
        _measuredFrom = measuredFrom; _countMarker = countMarker; _endMarker = endMarker;
    }

    public int Settled => Volatile.Read(ref Connected) + Volatile.Read(ref Failed);

    public (long[] LastSeq, long[] Missing) PerConn()
    {
        var last = new long[_c.Length]; var miss = new long[_c.Length];
        for (int i = 0; i < _c.Length; i++)
        {
            last[i] = _c[i].MaxSeq;
            long have = 0; foreach (ulong w in _c[i].Seen) have += System.Numerics.BitOperations.PopCount(w);
            miss[i] = _c[i].MaxSeq < 0 ? 0 : _c[i].MaxSeq / _topics + 1 - have;
        }
        return (last, miss);
    }

    private void StartSome()
    {
        while (_next < _c.Length && _pending < _inflight)
        {
            int i = _next++;
            _startedAt[i] = Stopwatch.GetTimestamp();
            int fd = Native.Connect(_ip, _port, nonBlocking: true);
            if (fd < 0) { Failed++; _c[i].Phase = Phase.Dead; continue; }
            _c[i].Fd = fd; _c[i].Phase = Phase.Connecting; _pending++;
            Native.EpollSet(_ep, 1, fd, Native.EPOLLOUT | Native.EPOLLERR | Native.EPOLLHUP, i);
        }
    }

    public void Run()
    {
        const int max = 1024;
        byte[] evBuf = GC.AllocateArray<byte>(max * 16, pinned: true);
        byte[] rxBuf = GC.AllocateArray<byte>(128 * 1024, pinned: true);
        fixed (byte* ev = evBuf, rx = rxBuf)
        {
            while (!Stop)
            {
                if (_next < _c.Length) StartSome();
                int n = Native.epoll_wait(_ep, ev, max, 50);
                for (int k = 0; k < n; k++)
                {
                    int i = Native.EventData(ev, k);
                    ref Conn c = ref _c[i];
                    if (c.Phase == Phase.Connecting) { OnConnect(ref c, i); continue; }
                    nint got = Native.recv(c.Fd, rx, rxBuf.Length, 0);
                    if (got > 0) { Recvs++; BytesIn += got; OnBytes(ref c, i, new ReadOnlySpan<byte>(rx, (int)got)); }
                    else if (got == 0 || (Native.Errno != Native.EAGAIN && Native.Errno != Native.EINTR)) Kill(ref c);
                }
            }
        }
        for (int i = 0; i < _c.Length; i++) if (_c[i].Fd >= 0) Native.close(_c[i].Fd);
        Native.close(_ep);
    }

    private void Kill(ref Conn c)
    {
        if (c.Phase == Phase.Body) { Closed++; } else { Failed++; _pending--; }
        c.Phase = Phase.Dead; Native.close(c.Fd); c.Fd = -1;
    }

    private void OnConnect(ref Conn c, int i)
    {
        if (Native.SocketError(c.Fd) != 0) { Kill(ref c); return; }
        byte[] req = _request(c.Id);
        nint sent; fixed (byte* p = req) sent = Native.send(c.Fd, p, req.Length, 0x4000);
        if (sent != req.Length) { Kill(ref c); return; }
        c.Phase = Phase.Head;
        Native.EpollSet(_ep, 3, c.Fd, Native.EPOLLIN | Native.EPOLLRDHUP, i);
    }

    private void OnBytes(ref Conn c, int i, ReadOnlySpan<byte> data)
    {
        if (c.Phase == Phase.Head)
        {
            byte[] all = new byte[c.CarryLen + data.Length];
            if (c.Carry is not null) Array.Copy(c.Carry, all, c.CarryLen);
            data.CopyTo(all.AsSpan(c.CarryLen));
            int end = all.AsSpan().IndexOf("\r\n\r\n"u8);
            if (end < 0) { c.Carry = all; c.CarryLen = all.Length; return; }
            string head = Encoding.ASCII.GetString(all, 0, end);
            if (!head.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) && !head.StartsWith("HTTP/1.0 200", StringComparison.Ordinal))
            { FirstBadHead ??= head; Kill(ref c); return; }
            c.Chunked = head.Contains("chunked", StringComparison.OrdinalIgnoreCase);
            c.ChunkState = c.Chunked ? (byte)0 : (byte)2; c.ChunkLeft = c.Chunked ? 0 : long.MaxValue;
            c.Phase = Phase.Body; c.Carry = new byte[Token.Len]; c.CarryLen = 0;
            ConnectTime.Add(Stopwatch.GetTimestamp() - _startedAt[i]);
            Connected++; _pending--;
            data = all.AsSpan(end + 4);
            if (data.Length == 0) return;
        }
        if (c.Phase == Phase.Body) OnBody(ref c, data);
    }

    private void OnBody(ref Conn c, ReadOnlySpan<byte> data)
    {
        // Take off the chunk framing into _dec, behind whatever tail was kept from before.
        if (_dec.Length < data.Length + Token.Len) _dec = new byte[(data.Length + Token.Len) * 2];
        int len = c.CarryLen;
        c.Carry.AsSpan(0, len).CopyTo(_dec);
        int p = 0;
        while (p < data.Length)
        {
            switch (c.ChunkState)
            {
                case 2:
                    int take = (int)Math.Min(c.ChunkLeft, data.Length - p);
                    data.Slice(p, take).CopyTo(_dec.AsSpan(len));
                    len += take; p += take; c.ChunkLeft -= take;
                    if (c.ChunkLeft == 0) c.ChunkState = 3;
                    break;
                case 3:
                    if (data[p++] == (byte)'\n') { c.ChunkState = 0; c.ChunkLeft = 0; }
                    break;
                default:
                    byte b = data[p++];
                    if (b == (byte)'\n') c.ChunkState = c.ChunkLeft > 0 ? (byte)2 : (byte)3;
                    else if (c.ChunkState == 0)
                    {
                        int h = b is >= (byte)'0' and <= (byte)'9' ? b - '0' : b is >= (byte)'a' and <= (byte)'f' ? b - 'a' + 10 : b is >= (byte)'A' and <= (byte)'F' ? b - 'A' + 10 : -1;
                        if (h >= 0) c.ChunkLeft = c.ChunkLeft * 16 + h; else if (b != (byte)'\r') c.ChunkState = 1;
                    }
                    break;
            }
        }
        ReadOnlySpan<byte> body = _dec.AsSpan(0, len);
        if (_countMarker is not null)
        {
            // Counting mode: no token, no latency. The tail kept is shorter than the marker, so nothing counts twice.
            Marks += body.Count(_countMarker);
            int tail = Math.Min(len, Math.Min(Token.Len, _countMarker.Length - 1));
            body.Slice(len - tail).CopyTo(c.Carry); c.CarryLen = tail;
            return;
        }
        if (_endMarker is not null && !c.HasEnd && body.IndexOf(_endMarker) >= 0) { c.HasEnd = true; Ends++; }
        int at = 0;
        long now = 0;
        while (true)
        {
            int hit = body.Slice(at).IndexOf("@T"u8);
            if (hit < 0) { at = Math.Max(at, len > 0 && body[len - 1] == (byte)'@' ? len - 1 : len); break; }
            at += hit;
            if (len - at < Token.Len) break;
            if (now == 0) now = Stopwatch.GetTimestamp();
            long seq = 0, ns = 0;
            for (int k = 2; k < 12; k++) seq = seq * 10 + (body[at + k] - '0');
            for (int k = 13; k < 32; k++) ns = ns * 10 + (body[at + k] - '0');
            OnEvent(ref c, seq, now - ns);
            at += Token.Len;
        }
        // The first half of a token, or of the end marker.
        int keep = Math.Max(len - at, Math.Min(len, (_endMarker?.Length ?? 1) - 1));
        body.Slice(len - keep).CopyTo(c.Carry);
        c.CarryLen = keep;
    }

    private void OnEvent(ref Conn c, long seq, long ns)
    {
        if (seq % _topics != c.Topic) { Misrouted++; return; }
        long local = seq / _topics;
        int w = (int)(local >> 6);
        if (w >= c.Seen.Length) Array.Resize(ref c.Seen, Math.Max(w + 1, c.Seen.Length * 2));
        ulong bit = 1UL << (int)(local & 63);
        if ((c.Seen[w] & bit) != 0) { Duplicated++; return; }
        c.Seen[w] |= bit;
        if (seq < c.MaxSeq) OutOfOrder++; else c.MaxSeq = seq;
        Delivered++;
        if (seq >= _measuredFrom) { DeliveredMeasured++; Latency.Add(ns); }
    }
}
