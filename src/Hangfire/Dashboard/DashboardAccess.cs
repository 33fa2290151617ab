using System.Net;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Hosting;
using RealtimeOps.Hosting.Security;

namespace RealtimeOps.Hangfire;

/// <summary>Who may use the dashboard; set it with <c>services.Configure&lt;DashboardAccess&gt;(…)</c>.</summary>
public sealed class DashboardAccess
{
    /// <summary>Whether the caller may see the dashboard.</summary>
    /// <value>Default: callers with the scope <c>admin</c> or <c>admin.read</c> that are not limited to types; while no credentials are configured, only callers on this machine.</value>
    public Func<HttpContext, bool> MaySee { get; set; } = static context => Caller.Of(context) is var caller && caller.HasAny(Scopes.ReadAll) && caller.Types is null && (caller != Caller.Everybody || IsLocal(context));

    /// <summary>Whether a caller that sees it may also cancel, resubmit and trigger.</summary>
    /// <value>Default: callers with the scope <c>admin</c> that are not limited to types; while no credentials are configured, everybody who sees it.</value>
    public Func<HttpContext, bool> MayChange { get; set; } = static context => Caller.Of(context) is var caller && caller.HasAny(Scopes.ManageAll) && caller.Types is null;

    private static bool IsLocal(HttpContext context) => context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
}

/// <summary>Asks <see cref="DashboardAccess"/>.</summary>
internal sealed class DashboardGuard(DashboardAccess access) : IDashboardAuthorizationFilter
{
    public bool Authorize(DashboardContext context) => access.MaySee(context.GetHttpContext());
}
