using System.Globalization;
using Hangfire.Dashboard;
using Hangfire.Dashboard.Pages;
using RealtimeOps.Feed;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>The newest operations, whether Hangfire has jobs for them or not.</summary>
internal sealed class OperationsPage : RazorPage
{
    public const string Path = "/operations";

    public const string Title = "Operations";

    private const int Most = 100;

    public override void Execute()
    {
        Layout = new LayoutPage(Title);
        OperationState? wanted = OperationStates.TryParse(Query("state") ?? "", out OperationState state) ? state : null;
        var store = this.Services().GetRequiredService<IOperationStore>();
        var feed = this.Services().GetRequiredService<OperationFeed>();
        IReadOnlyList<Operation> operations = store.ListAsync(
            new OperationFilter { States = wanted is { } one ? [one] : [] }, long.MaxValue, Most, CancellationToken.None).AsTask().GetAwaiter().GetResult();

        WriteLiteral($"<h1 class=\"page-header\">{Title} <small>the newest {Most}</small></h1><div class=\"btn-group\" style=\"margin-bottom: 20px\">");
        Choice("all", null, wanted);
        foreach (OperationState each in Enum.GetValues<OperationState>())
        {
            Choice(each.Name(), each, wanted);
        }

        WriteLiteral("</div><div class=\"table-responsive\"><table class=\"table\"><thead><tr><th>Operation</th><th>State</th><th>Progress</th><th>Activity or message</th><th>Attempt</th><th>Created</th><th></th></tr></thead><tbody>");
        foreach (Operation operation in operations)
        {
            Row(feed.Newest(operation.Key)?.Operation ?? operation);
        }

        WriteLiteral("</tbody></table></div>");
    }

    private void Choice(string name, OperationState? state, OperationState? wanted) =>
        WriteLiteral($"<a class=\"btn btn-default{(state == wanted ? " active" : "")}\" href=\"{Url.To(Path)}{(state is null ? "" : "?state=" + name)}\">{name}</a>");

    private void Row(Operation operation)
    {
        WriteLiteral($"<tr><td class=\"word-break\"><a href=\"{DashboardText.Encode(this.PathOf(operation.Key))}\">");
        Write(operation.Key.ToString());
        WriteLiteral($"</a></td><td>{DashboardText.Label(operation.State)}</td><td>{operation.Progress.ToString(CultureInfo.InvariantCulture)}&nbsp;%</td><td class=\"word-break\">");
        Write(operation.Activity ?? operation.Message);
        WriteLiteral($"</td><td>{operation.Attempt.ToString(CultureInfo.InvariantCulture)}</td><td>{Html.RelativeTime(operation.CreatedAt.UtcDateTime)}</td><td><a href=\"{DashboardText.Encode(this.UserInterfaceOf(operation.Key))}\">web&nbsp;UI</a></td></tr>");
    }
}
