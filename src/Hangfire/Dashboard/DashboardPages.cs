using Hangfire;
using Hangfire.Dashboard;
using RealtimeOps.Execution;

namespace RealtimeOps.Hangfire;

/// <summary>What the gateway adds to Hangfire's dashboard. Hangfire keeps that for the whole process, so it is added once; the pages find their server by the request.</summary>
internal static class DashboardPages
{
    private static readonly Lazy<bool> Added = new(Add);

    private static readonly DashboardMetric Running = new(
        "realtimeops:running", "Operations running", page => new Metric(page.Services().GetRequiredService<RunningAttempts>().Count));

    private static readonly DashboardMetric Failed = new(
        "realtimeops:failed", "Operations failed in the last hour", page => Alarm(page.Services().GetRequiredService<OperationFigures>().FailedInLastHour()));

    private static readonly DashboardMetric Dead = new(
        "realtimeops:dead", "Webhook deliveries dead", page => Alarm(page.Services().GetRequiredService<OperationFigures>().DeadDeliveries()));

    public static void AddOnce() => _ = Added.Value;

    private static bool Add()
    {
        DashboardRoutes.Routes.AddRazorPage(OperationsPage.Path, static _ => new OperationsPage());
        NavigationMenu.Items.Add(static page => new MenuItem(OperationsPage.Title, page.Url.To(OperationsPage.Path)) { Active = page.RequestPath.StartsWith(OperationsPage.Path, StringComparison.Ordinal), Metric = Running });
        DashboardRoutes.AddJavaScript(typeof(DashboardPages).Assembly, typeof(DashboardPages).Namespace + ".Dashboard.operations.js");
        GlobalConfiguration.Configuration
            .UseDashboardMetrics(Running, Failed, Dead)
            .UseJobDetailsRenderer(0, OperationDetails.Render);
        return true;
    }

    private static Metric Alarm(long count) => new(count) { Style = count > 0 ? MetricStyle.Danger : MetricStyle.Default, Highlighted = count > 0 };
}
