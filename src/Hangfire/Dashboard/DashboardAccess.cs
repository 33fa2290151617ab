using System.Net;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Http;

namespace RealtimeOps.Hangfire;

/// <summary>Who may use the dashboard; set it with <c>services.Configure&lt;DashboardAccess&gt;(…)</c>.</summary>
public sealed class DashboardAccess
{
    /// <summary>Whether the caller may see the dashboard.</summary>
    /// <value>Default: only callers on this machine.</value>
    public Func<HttpContext, bool> MaySee { get; set; } = IsLocal;

    /// <summary>Whether a caller that sees it may also cancel, resubmit and trigger.</summary>
    /// <value>Default: everybody who sees it.</value>
    public Func<HttpContext, bool> MayChange { get; set; } = static _ => true;

    private static bool IsLocal(HttpContext context) => context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
}

/// <summary>Asks <see cref="DashboardAccess"/>.</summary>
internal sealed class DashboardGuard(DashboardAccess access) : IDashboardAuthorizationFilter
{
    public bool Authorize(DashboardContext context) => access.MaySee(context.GetHttpContext());
}
