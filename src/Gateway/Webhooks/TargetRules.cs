using System.Net;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;

namespace RealtimeOps.Webhooks;

/// <summary>
/// Where callbacks may go: https to public addresses, and whatever configuration allows by host or CIDR. What a target's spelling shows is told
/// at submission; the address that a name stands for is judged at each connection, since a name may change its mind.
/// </summary>
internal sealed class TargetRules
{
    public const string Wanted = "must be an absolute http or https URI without user information, or mailbox:NAME";

    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<IPNetwork> _networks = [];

    public TargetRules(IOptions<RealtimeOpsOptions> options)
    {
        foreach (string allowed in options.Value.Webhooks.AllowedTargets)
        {
            if (ParseNetwork(allowed) is { } network)
            {
                _networks.Add(network);
            }
            else
            {
                _hosts.Add(allowed.TrimEnd('.'));
            }
        }
    }

    /// <summary>A CIDR, or the one address that is written; null for a host's name.</summary>
    public static IPNetwork? ParseNetwork(string text) =>
        IPNetwork.TryParse(text, out IPNetwork network) ? network
        : IPAddress.TryParse(text.Trim('[', ']'), out IPAddress? address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    /// <summary>What is wrong with a target, as far as its spelling shows; null when nothing is.</summary>
    public string? FaultOf(string target)
    {
        if (WebhookTarget.IsMailbox(target))
        {
            return null;
        }

        if (WebhookTarget.Parse(target) is not { } uri)
        {
            return Wanted;
        }

        string host = HostOf(uri);
        if (_hosts.Contains(host))
        {
            return null;
        }

        return LiteralsOf(host) is { } addresses
            ? Array.Exists(addresses, address => Allows(uri, address)) ? null : $"must not be called by this server: {(uri.Scheme == "http" ? "http and " : "")}addresses that are not public have to be allowed in Webhooks:AllowedTargets"
            : uri.Scheme == "https" || _networks.Count > 0 ? null : "must use https; http is only for targets in Webhooks:AllowedTargets";
    }

    /// <summary>Whether the target may be called at this address.</summary>
    public bool Allows(Uri target, IPAddress address) =>
        _hosts.Contains(HostOf(target))
        || _networks.Exists(network => network.Contains(address) || network.Contains(PublicAddress.Unwrap(address)))
        || (target.Scheme == "https" && PublicAddress.IsPublic(address));

    /// <summary>A dot at the end makes no other host.</summary>
    private static string HostOf(Uri uri) => uri.IdnHost.TrimEnd('.');

    /// <summary>The addresses that a host is without being looked up.</summary>
    private static IPAddress[]? LiteralsOf(string host)
    {
        if (IPAddress.TryParse(host.Split('%')[0], out IPAddress? address))
        {
            return [address];
        }

        bool isLocal = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        return isLocal ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : null;
    }
}
