using System.Net;
using System.Net.Sockets;

namespace RealtimeOps.TestSupport;

/// <summary>A port of this machine that nobody else is given while it is held, neither a server nor a connection. Its owner may listen there, stop, and listen again. For Linux.</summary>
public sealed class HeldPort : IDisposable
{
    /// <summary>Bound, and never listening: beside such a one a server may listen that reuses addresses, as they all do.</summary>
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public HeldPort()
    {
        _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    public int Number => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public void Dispose() => _socket.Dispose();
}
