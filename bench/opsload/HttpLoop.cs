using System.Diagnostics;
using System.Net;

namespace Bench.OpsLoad;

/// <summary>
/// A closed loop of keep-alive HTTP/1.1 connections on one epoll thread: each connection sends its next request as soon
/// as it has read the answer to the last. Written by hand because client and server share two cores.
/// </summary>
internal sealed unsafe class HttpLoop : IDisposable
{
    public delegate void OnAnswer(in HttpAnswer answer, long nanoseconds);

    private sealed class Connection
    {
        public int Fd;
        public long SentAt;
        public int Length;
        public byte[] Buffer = new byte[16 * 1024];
    }

    private readonly Connection[] _connections;
    private readonly int _epoll = Native.epoll_create1(0);

    public HttpLoop(IPAddress address, int port, int connections)
    {
        _connections = new Connection[connections];
        for (int i = 0; i < connections; i++)
        {
            int fd = Native.Connect(address, port, nonBlocking: false);
            if (fd < 0) throw new IOException($"cannot connect to port {port}");
            _connections[i] = new Connection { Fd = fd };
            Native.EpollSet(_epoll, 1, fd, Native.EPOLLIN, i);
        }
    }

    /// <summary>Sends <paramref name="count"/> requests and returns when all are answered; gives up at the limit.</summary>
    public void Run(long count, Func<long, byte[]> request, OnAnswer onAnswer, TimeSpan limit)
    {
        long next = 0, answered = 0, deadline = Stopwatch.GetTimestamp() + (long)limit.TotalNanoseconds;
        foreach (Connection c in _connections)
            if (next < count) Send(c, request(next++));

        byte* events = stackalloc byte[128 * 16];
        while (answered < count)
        {
            int ready = Native.epoll_wait(_epoll, events, 128, 1000);
            if (Stopwatch.GetTimestamp() > deadline) throw new TimeoutException($"only {answered} of {count} answers within {limit}");
            for (int k = 0; k < ready; k++)
            {
                Connection c = _connections[Native.EventData(events, k)];
                Receive(c);
                if (!HttpAnswer.TryParse(c.Buffer.AsSpan(0, c.Length), out HttpAnswer answer)) continue;
                onAnswer(answer, Stopwatch.GetTimestamp() - c.SentAt);
                answered++;
                c.Length = 0;
                if (next < count) Send(c, request(next++));
            }
        }
    }

    private static void Send(Connection c, byte[] request)
    {
        c.SentAt = Stopwatch.GetTimestamp();
        fixed (byte* p = request)
            if (Native.send(c.Fd, p, request.Length, 0x4000 /* MSG_NOSIGNAL */) != request.Length) throw new IOException("a request could not be sent");
    }

    private static void Receive(Connection c)
    {
        if (c.Length == c.Buffer.Length) Array.Resize(ref c.Buffer, c.Buffer.Length * 2);
        fixed (byte* p = c.Buffer)
        {
            nint got = Native.recv(c.Fd, p + c.Length, c.Buffer.Length - c.Length, 0);
            if (got <= 0) throw new IOException("the server closed a connection");
            c.Length += (int)got;
        }
    }

    public void Dispose()
    {
        foreach (Connection c in _connections) Native.close(c.Fd);
        Native.close(_epoll);
    }
}
