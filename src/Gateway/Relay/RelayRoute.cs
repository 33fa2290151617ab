using Microsoft.AspNetCore.Http;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.Relay;

/// <summary>One relayed path, checked: the requests to it, and where the service behind it is and may point to.</summary>
internal sealed class RelayRoute
{
    public const string Below = "/**";

    private static readonly string[] DefaultHeaders = ["Accept", "Accept-Language", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"];

    private readonly string _base;
    private readonly HashSet<string> _origins;

    public RelayRoute(RelayRouteOptions options)
    {
        Path = options.Path!;
        Prefix = PrefixOf(Path);
        Type = options.Type ?? TypeOf(Path);
        Target = options.Target!;
        PassesGet = options.Get == "pass";
        Silence = options.Silence;
        Headers = new HashSet<string>(options.Headers.Count > 0 ? options.Headers : DefaultHeaders, StringComparer.OrdinalIgnoreCase);
        _base = Target.GetLeftPart(UriPartial.Path).TrimEnd('/');
        _origins = new HashSet<string>([OriginOf(Target), .. options.Origins.Select(origin => OriginOf(new Uri(origin)))], StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>As configured.</summary>
    public string Path { get; }

    /// <summary>What every path of this route begins with.</summary>
    public string Prefix { get; }

    public bool TakesAllBelow => Path.EndsWith(Below, StringComparison.Ordinal);

    public string Type { get; }

    public Uri Target { get; }

    public bool PassesGet { get; }

    public TimeSpan Silence { get; }

    /// <summary>Request headers that are passed on beside those that describe the body.</summary>
    public IReadOnlySet<string> Headers { get; }

    public string Description => $"Relays {Path} to a service; PUT, POST or DELETE there submits.";

    public static string PrefixOf(string path) => path.EndsWith(Below, StringComparison.Ordinal) ? path[..^Below.Length] : path;

    /// <summary>The type of a route that names none.</summary>
    public static string TypeOf(string path) => PrefixOf(path).Trim('/').Replace('/', '.').ToLowerInvariant();

    public static string OriginOf(Uri uri) => uri.GetLeftPart(UriPartial.Authority);

    /// <summary>Where a request goes: its path was checked when it came in, and is appended as it is, so that nothing reads it anew.</summary>
    public Uri TargetOf(string path, string query)
    {
        string root = path.Length == 0 && Target.AbsolutePath == "/" ? "/" : "";
        var uri = new Uri(_base + root + path + query, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        return OriginOf(uri) == OriginOf(Target) ? uri : throw new InvalidOperationException($"{uri} is not at {Target}.");
    }

    /// <summary>An address that the service named, if it may be asked; null when it lies elsewhere.</summary>
    public Uri? Resolve(Uri from, string reference) =>
        Uri.TryCreate(from, reference, out Uri? uri) && uri.Scheme is ("http" or "https") && uri.UserInfo.Length == 0 && _origins.Contains(OriginOf(uri)) ? uri : null;

    /// <summary>A POST may be sent twice only if the service can tell that it is the same one.</summary>
    public static bool IsRepeatable(RequestHead head) => !HttpMethods.IsPost(head.Method) || head.Headers.ContainsKey(RelayHeaders.IdempotencyKey);
}
