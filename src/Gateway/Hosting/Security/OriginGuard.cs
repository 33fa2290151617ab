using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace RealtimeOps.Hosting.Security;

/// <summary>
/// Keeps pages of foreign origins from doing things here in the name of whoever looks at them: browsers let any page send simple requests, open
/// WebSockets and load pictures anywhere, with the cookies or from the machine of their user, and CORS only keeps the answer from it. Browsers tell where
/// a request comes from; programs tell nothing, and are not concerned. An open server also answers under names of this machine only, or a page could
/// give its own name this machine's address and pass for same-origin.
/// </summary>
internal sealed class OriginGuard(RequestDelegate next, IOptions<RealtimeOpsOptions> options, IConfiguration configuration, Credentials credentials, ILogger<OriginGuard> logger)
{
    /// <summary>Reading there is more than looking: a mailbox hides what was read, and a hub cannot be told by CORS to whom it may talk.</summary>
    private static readonly PathString[] MoreThanLooking = ["/mailboxes", "/hubs"];

    /// <summary>Else somebody has said which names are right: the framework's own filter, or a proxy.</summary>
    private readonly bool _checksHosts = configuration["AllowedHosts"] is null && options.Value.Proxies.Trusted.Count == 0;

    /// <summary>Spares most requests the comparison.</summary>
    private volatile string? _lastHost;

    /// <exception cref="ProblemException">The request may not go on.</exception>
    public Task InvokeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (credentials.IsOpen && _checksHosts && request.Host is { HasValue: true } host && host.Value != _lastHost)
        {
            if (!IsOfThisMachine(host) && host.Host != options.Value.PublicUrl?.Host)
            {
                throw Refusal(context, Problems.ForeignHost(host.Value));
            }

            _lastHost = host.Value;
        }

        return MayDoSomething(request) && IsForeign(request) ? throw Refusal(context, Problems.ForeignOrigin(request.Headers.Origin is { Count: > 0 } origin ? origin.ToString() : "another site")) : next(context);
    }

    private ProblemException Refusal(HttpContext context, Problem problem)
    {
        SecurityLog.Foreign(logger, context.Request.Method, context.Request.Path, problem.Detail);
        return new ProblemException(problem);
    }

    private static bool MayDoSomething(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        || Array.Exists(MoreThanLooking, path => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase));

    private bool IsForeign(HttpRequest request)
    {
        string? site = request.Headers["Sec-Fetch-Site"];
        if (site is "same-origin" or "none")
        {
            return false;
        }

        string? origin = request.Headers.Origin;
        return string.IsNullOrEmpty(origin)
            ? !string.IsNullOrEmpty(site)
            : !IsOwn(origin, request) && !options.Value.Cors.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Only hosts are compared: behind a proxy that ends TLS the schemes differ.</summary>
    private bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri)
        && (IsHost(uri, request.Host) || (options.Value.PublicUrl is { } publicUrl && uri.Authority == publicUrl.Authority));

    /// <summary>Browsers leave the default port out.</summary>
    private static bool IsHost(Uri origin, HostString host) =>
        string.Equals(origin.Host, host.Host, StringComparison.OrdinalIgnoreCase) && (host.Port is { } port ? port == origin.Port : origin.IsDefaultPort);

    private static bool IsOfThisMachine(HostString host) =>
        string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || host.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
