using System.Net;
using Hangfire.Dashboard;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>What the dashboard's pages have in common.</summary>
internal static class DashboardText
{
    /// <summary>Where the web UI shows an operation, below the gateway's base path.</summary>
    private const string UserInterface = "/ui";

    public static string Encode(string? text) => WebUtility.HtmlEncode(text ?? "");

    public static IServiceProvider Services(this RazorPage page) => page.Context.GetHttpContext().RequestServices;

    /// <summary>Where this server serves the operation, whatever its status URI says to others.</summary>
    public static string PathOf(this RazorPage page, OperationKey key) => page.BasePath() + key.Path;

    public static string UserInterfaceOf(this RazorPage page, OperationKey key) => page.BasePath() + UserInterface + key.Path;

    public static string BasePath(this RazorPage page)
    {
        // Hangfire puts its own pattern at the end of the base path.
        string basePath = page.Context.GetHttpContext().Request.PathBase.Value ?? "";
        return basePath[..basePath.LastIndexOf('/')];
    }

    /// <summary>The label of a state, in the colour that Hangfire gives to such jobs.</summary>
    public static string Label(OperationState state) => Label(state.Name(), state switch
    {
        OperationState.Succeeded => "success",
        OperationState.Failed => "danger",
        OperationState.Running or OperationState.Canceling => "warning",
        OperationState.Retrying => "info",
        _ => "default",
    });

    public static string Label(string text, string style) => $"<span class=\"label label-{style}\">{Encode(text)}</span>";

    public static string Instant(DateTimeOffset? instant) => instant is { } at ? at.UtcDateTime.ToString(StatusJson.InstantFormat, System.Globalization.CultureInfo.InvariantCulture) : "";
}
