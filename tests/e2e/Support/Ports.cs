using System.Net;
using System.Net.Sockets;

namespace RealtimeOps.E2ETests.Support;

/// <summary>Ports of this machine.</summary>
internal static class Ports
{
    /// <summary>Below the ports that the system gives to clients: one of those could be taken before it is listened on.</summary>
    public static int Free()
    {
        while (true)
        {
            int port = Random.Shared.Next(20_000, 30_000);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody listens there.
            }
        }
    }
}
