using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace RealtimeOps.Hosting;

/// <summary>
/// Keeps what the system queues for a slow client short. Left alone, Linux takes megabytes for a connection before it says that nobody
/// reads: a slow client would see snapshots of long ago, and, since room is announced only once a third of the queue is free, would look as if it
/// took nothing. What is on its way to the client is not limited, so downloads stay as fast as they are.
/// </summary>
internal sealed class ShortSendQueue : IConfigureOptions<SocketTransportOptions>
{
    private const int UnsentBytes = 64 * 1024;

    /// <summary>IPPROTO_TCP and TCP_NOTSENT_LOWAT of Linux.</summary>
    private const int Tcp = 6;
    private const int NotSentLowWaterMark = 25;

    /// <summary>Accepted sockets inherit the option of the one that listens.</summary>
    public void Configure(SocketTransportOptions options)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        Func<System.Net.EndPoint, Socket> bind = options.CreateBoundListenSocket;
        options.CreateBoundListenSocket = endpoint =>
        {
            Socket socket = bind(endpoint);
            if (socket.ProtocolType == ProtocolType.Tcp)
            {
                socket.SetRawSocketOption(Tcp, NotSentLowWaterMark, BitConverter.GetBytes(UnsentBytes));
            }

            return socket;
        };
    }
}
