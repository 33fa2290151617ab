using System.Net;
using System.Net.Sockets;

namespace RealtimeOps.Webhooks;

/// <summary>Opens connections for callbacks: looks the host up, judges every address, and connects to those it has judged, never to the name.</summary>
internal sealed class TargetConnector(TargetRules rules, IHostResolver resolver)
{
    /// <exception cref="TargetRefusedException">None of the host's addresses may be called.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Uri target = context.InitialRequestMessage.RequestUri!;
        IPAddress[] found = IPAddress.TryParse(context.DnsEndPoint.Host, out IPAddress? literal)
            ? [literal]
            : await resolver.ResolveAsync(context.DnsEndPoint.Host, cancellationToken);
        IPAddress[] allowed = Array.FindAll(found, address => rules.Allows(target, address));
        if (allowed.Length == 0)
        {
            throw new TargetRefusedException($"{target.Host} may not be called at {string.Join(", ", found.AsEnumerable())}.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>Looks up the addresses of a host.</summary>
internal interface IHostResolver
{
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}

/// <summary>Asks the system.</summary>
internal sealed class SystemResolver : IHostResolver
{
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken);
}

/// <summary>The target stands where callbacks must not go.</summary>
internal sealed class TargetRefusedException(string message) : Exception(message);
