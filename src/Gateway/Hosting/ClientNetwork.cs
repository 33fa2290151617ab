using System.Net;
using System.Net.Sockets;

namespace RealtimeOps.Hosting;

/// <summary>Who an address stands for: a client of IPv6 has a whole network of them, and could use another for each request.</summary>
internal static class ClientNetwork
{
    private const int PrefixBytes = 8;
    private const int AddressBytes = 16;

    /// <summary>The address, of IPv6 the first 64 bits of it.</summary>
    public static IPAddress Of(IPAddress? address)
    {
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6 } || address.IsIPv6LinkLocal)
        {
            return address ?? IPAddress.None;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        Span<byte> bytes = stackalloc byte[AddressBytes];
        address.TryWriteBytes(bytes, out _);
        bytes[PrefixBytes..].Clear();
        return new IPAddress(bytes);
    }
}
