namespace RealtimeOps.Hosting;

/// <summary>The slow services that the gateway stands in front of; configuration section <c>Relay</c>.</summary>
public sealed class RelayOptions
{
    /// <summary>Base of the addresses that services report to, where they reach the gateway under another one than clients do.</summary>
    /// <value>Default <c>PublicUrl</c>; without that, on a server without credentials only, that of the submitting request.</value>
    public Uri? ReportUrl { get; set; }

    /// <summary>One for each part of a service.</summary>
    public IList<RelayRouteOptions> Routes { get; } = [];
}

/// <summary>One relayed path: its PUT, POST and DELETE become operations; configuration section <c>Relay:Routes:N</c>.</summary>
public sealed class RelayRouteOptions
{
    /// <summary>The gateway's path: <c>/reports/**</c> for it and all below it, or <c>/reports</c> for this one only.</summary>
    public string? Path { get; set; }

    /// <summary>Where the service is: http or https, a host, and a base path that no request can leave.</summary>
    public Uri? Target { get; set; }

    /// <summary>The operation type that its requests become.</summary>
    /// <value>Default: the segments of the path, joined by dots.</value>
    public string? Type { get; set; }

    /// <summary>What becomes of GET and HEAD: <c>pass</c>, and the service answers them unchanged, or <c>refuse</c>.</summary>
    /// <value>Default <c>pass</c>.</value>
    public string Get { get; set; } = "pass";

    /// <summary>The request headers that are passed on beside those that describe the body.</summary>
    /// <value>Default <c>Accept</c>, <c>Accept-Language</c>, <c>If-Match</c>, <c>If-None-Match</c>, <c>If-Modified-Since</c>, <c>If-Unmodified-Since</c>.</value>
    public IList<string> Headers { get; } = [];

    /// <summary>Origins beside the target's own to which the service may point with a monitor, a result or a redirect.</summary>
    public IList<string> Origins { get; } = [];

    /// <summary>After so long without a word from a service that should report, or whose monitor should answer, its work counts as lost.</summary>
    /// <value>Default 5 min.</value>
    public TimeSpan Silence { get; set; } = TimeSpan.FromMinutes(5);
}
