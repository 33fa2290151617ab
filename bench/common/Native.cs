using System.Net;
using System.Runtime.InteropServices;

namespace Bench;

/// <summary>The few Linux calls the load client needs. A plain epoll loop costs far less CPU per event
/// than SocketAsyncEngine + thread-pool hops, and the client shares two cores with the server it measures.</summary>
internal static unsafe class Native
{
    public const int EPOLLIN = 1, EPOLLOUT = 4, EPOLLERR = 8, EPOLLHUP = 16, EPOLLRDHUP = 0x2000;
    public const int EAGAIN = 11, EINPROGRESS = 115, EINTR = 4;
    private const int AF_INET = 2, SOCK_STREAM = 1, SOCK_NONBLOCK = 0x800, SOCK_CLOEXEC = 0x80000;
    // struct epoll_event is packed (12 bytes) on x86-64 only.
    public static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EventSize == 12 ? 4 : 8;

    [DllImport("libc")] private static extern int socket(int domain, int type, int protocol);
    [DllImport("libc", SetLastError = true)] private static extern int connect(int fd, byte* addr, int len);
    [DllImport("libc")] private static extern int bind(int fd, byte* addr, int len);
    [DllImport("libc")] private static extern int listen(int fd, int backlog);
    [DllImport("libc")] private static extern int accept4(int fd, byte* addr, int* len, int flags);
    [DllImport("libc")] private static extern int getsockopt(int fd, int level, int opt, int* val, int* len);
    [DllImport("libc")] private static extern int setsockopt(int fd, int level, int opt, int* val, int len);
    [DllImport("libc", SetLastError = true)] public static extern nint recv(int fd, byte* buf, nint len, int flags);
    [DllImport("libc", SetLastError = true)] public static extern nint send(int fd, byte* buf, nint len, int flags);
    [DllImport("libc")] public static extern int close(int fd);
    [DllImport("libc")] public static extern int epoll_create1(int flags);
    [DllImport("libc")] private static extern int epoll_ctl(int ep, int op, int fd, byte* ev);
    [DllImport("libc", SetLastError = true)] public static extern int epoll_wait(int ep, byte* ev, int max, int timeoutMs);
    [DllImport("libc")] private static extern int clock_nanosleep(int clock, int flags, long* req, long* rem);

    public static int Errno => Marshal.GetLastPInvokeError();

    private static void FillAddr(byte* a, IPAddress ip, int port)
    {
        new Span<byte>(a, 16).Clear();
        *(ushort*)a = AF_INET;
        a[2] = (byte)(port >> 8); a[3] = (byte)port;
        ip.GetAddressBytes().CopyTo(new Span<byte>(a + 4, 4));
    }

    /// <summary>Starts a TCP connect; returns the descriptor, or a negative number.</summary>
    public static int Connect(IPAddress ip, int port, bool nonBlocking)
    {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | (nonBlocking ? SOCK_NONBLOCK : 0), 0);
        if (fd < 0) return -1;
        int one = 1; setsockopt(fd, 6, 1, &one, 4); // TCP_NODELAY
        byte* a = stackalloc byte[16]; FillAddr(a, ip, port);
        int r = connect(fd, a, 16);
        if (r < 0 && Errno != EINPROGRESS) { close(fd); return -2; }
        return fd;
    }

    public static int Listen(IPAddress ip, int port)
    {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        int one = 1; setsockopt(fd, 1, 2, &one, 4); // SO_REUSEADDR
        byte* a = stackalloc byte[16]; FillAddr(a, ip, port);
        if (bind(fd, a, 16) < 0 || listen(fd, 4096) < 0) { close(fd); return -1; }
        return fd;
    }

    public static int Accept(int listener)
    {
        int fd = accept4(listener, null, null, SOCK_CLOEXEC);
        int one = 1; if (fd >= 0) setsockopt(fd, 6, 1, &one, 4);
        return fd;
    }

    public static int SocketError(int fd) { int v = 0, l = 4; getsockopt(fd, 1, 4, &v, &l); return v; }

    public static void SetTimeouts(int fd, int seconds)
    {
        long* tv = stackalloc long[2]; tv[0] = seconds; tv[1] = 0;
        setsockopt(fd, 1, 20, (int*)tv, 16); setsockopt(fd, 1, 21, (int*)tv, 16);
    }

    public static void EpollSet(int ep, int op, int fd, uint events, int data)
    {
        byte* e = stackalloc byte[16];
        *(uint*)e = events; *(long*)(e + DataOffset) = data;
        epoll_ctl(ep, op, fd, e);
    }

    public static uint EventFlags(byte* evs, int i) => *(uint*)(evs + i * EventSize);
    public static int EventData(byte* evs, int i) => (int)*(long*)(evs + i * EventSize + DataOffset);

    /// <summary>Sleeps until an absolute CLOCK_MONOTONIC time (ns) without the usual 1 ms rounding.</summary>
    public static void SleepUntil(long monoNs)
    {
        long* ts = stackalloc long[2]; ts[0] = monoNs / 1_000_000_000; ts[1] = monoNs % 1_000_000_000;
        while (clock_nanosleep(1, 1, ts, null) == EINTR) { }
    }
}
