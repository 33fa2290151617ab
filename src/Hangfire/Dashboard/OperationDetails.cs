using System.Globalization;
using System.Text;
using Hangfire.Dashboard;
using RealtimeOps.Feed;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>What a job's page shows of its operation. The script beside it keeps it up to date, from the operation's own event stream.</summary>
internal static class OperationDetails
{
    public static NonEscapedString Render(JobDetailsRendererDto job)
    {
        if (OperationJob.KeyOf(job.JobDetails.Job) is not { } key)
        {
            return new NonEscapedString("");
        }

        var feed = job.Page.Services().GetRequiredService<OperationFeed>();
        return new NonEscapedString(feed.FindAsync(key, CancellationToken.None).AsTask().GetAwaiter().GetResult() is { } live
            ? Section(job.Page, live.Current.Operation)
            : $"<h3>Operation</h3><p>{DashboardText.Encode(key.ToString())} expired or was deleted.</p>");
    }

    private static string Section(RazorPage page, Operation operation)
    {
        string path = DashboardText.Encode(page.PathOf(operation.Key));
        string colour = operation.Status switch { null => "", 0 => " progress-bar-success", _ => " progress-bar-danger" };
        var html = new StringBuilder($"<h3>Operation</h3><div data-operation=\"{path}\">");
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"progress\"><div class=\"progress-bar{colour}\" data-bar style=\"width: {operation.Progress}%; min-width: 3em\"><span data-field=\"progress\">{operation.Progress}</span>&nbsp;%</div></div>");
        html.Append("<table class=\"table table-condensed\">");
        Row(html, "State", "state", operation.State.Name());
        Row(html, "Activity", "activity", operation.Activity);
        Row(html, "Attempt", "attempt", operation.Attempt.ToString(CultureInfo.InvariantCulture));
        Row(html, "Message", "message", operation.Message);
        Row(html, "Started", "startedAt", DashboardText.Instant(operation.StartedAt));
        Row(html, "Ended", "endedAt", DashboardText.Instant(operation.EndedAt));
        html.Append(CultureInfo.InvariantCulture, $"<tr><th>Status URI</th><td class=\"word-break\"><a href=\"{path}\">{DashboardText.Encode(operation.Uri)}</a></td></tr>");
        html.Append(CultureInfo.InvariantCulture, $"<tr><th>More</th><td><a href=\"{DashboardText.Encode(page.UserInterfaceOf(operation.Key))}\">web UI</a>");
        foreach (string part in (string[])["history", "input", "result"])
        {
            html.Append(CultureInfo.InvariantCulture, $" · <a href=\"{path}/{part}\">{part}</a>");
        }

        html.Append("</td></tr>");
        Link(html, page, operation, "Resubmission of", operation.ResubmissionOf);
        Link(html, page, operation, "Resubmitted as", operation.ResubmittedAs);
        html.Append("</table>");
        DeliveryTable.Append(html, page, operation);
        return html.Append("</div>").ToString();
    }

    private static void Row(StringBuilder html, string name, string field, string? text) =>
        html.Append(CultureInfo.InvariantCulture, $"<tr><th class=\"width-20\">{name}</th><td data-field=\"{field}\">{DashboardText.Encode(text)}</td></tr>");

    private static void Link(StringBuilder html, RazorPage page, Operation operation, string name, OperationKey? key)
    {
        if (key is { } other)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><th>{name}</th><td class=\"word-break\"><a href=\"{DashboardText.Encode(page.PathOf(other))}\">{DashboardText.Encode(operation.BaseUri + other.Path)}</a></td></tr>");
        }
    }
}
