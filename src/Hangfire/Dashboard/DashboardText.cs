using System.Net;
using Hangfire.Dashboard;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>What the dashboard's pages have in common.</summary>
internal static class DashboardText
{
    public static string Encode(string? text) => WebUtility.HtmlEncode(text ?? "");

    public static IServiceProvider Services(this RazorPage page) => page.Context.GetHttpContext().RequestServices;

    /// <summary>Where this server serves the operation, whatever its status URI says to others.</summary>
    public static string PathOf(this RazorPage page, OperationKey key)
    {
        // Hangfire puts its own pattern at the end of the base path.
        string basePath = page.Context.GetHttpContext().Request.PathBase.Value ?? "";
        return basePath[..basePath.LastIndexOf('/')] + key.Path;
    }

    public static string Instant(DateTimeOffset? instant) => instant is { } at ? at.UtcDateTime.ToString(StatusJson.InstantFormat, System.Globalization.CultureInfo.InvariantCulture) : "";
}
