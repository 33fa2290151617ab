using System.Globalization;
using System.Text;
using Hangfire.Dashboard;
using RealtimeOps.Operations;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Hangfire;

/// <summary>The webhook messages of an operation, and what became of them.</summary>
internal static class DeliveryTable
{
    private const int Most = 50;
    private const int LongestAnswer = 120;

    public static void Append(StringBuilder html, RazorPage page, Operation operation)
    {
        var filter = new DeliveryFilter { Owner = operation.Owner, Operation = operation.Key };
        IReadOnlyList<Delivery> deliveries = page.Services().GetRequiredService<IDeliveryStore>()
            .ListAsync(filter, long.MaxValue, Most, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        bool isMoving = !operation.State.IsFinal() || deliveries.Any(delivery => delivery.State is DeliveryState.Pending);
        html.Append(CultureInfo.InvariantCulture, $"<div data-deliveries=\"{(isMoving ? "moving" : "settled")}\">");
        if (deliveries.Count > 0)
        {
            html.Append("<h4>Webhook deliveries</h4><div class=\"table-responsive\"><table class=\"table table-condensed\"><thead><tr><th>Target</th><th>State</th><th>Tries</th><th>Last answer</th><th>Next attempt</th></tr></thead><tbody>");
            foreach (Delivery delivery in deliveries)
            {
                Row(html, page, delivery);
            }

            html.Append("</tbody></table></div>");
        }

        html.Append("</div>");
    }

    private static void Row(StringBuilder html, RazorPage page, Delivery delivery)
    {
        string path = DashboardText.Encode($"{page.BasePath()}/deliveries/{delivery.Id}");
        string next = delivery.DueAt is { } due ? page.Html.RelativeTime(due.UtcDateTime).ToString() : "";
        html.Append(
            CultureInfo.InvariantCulture,
            $"<tr><td class=\"word-break\"><a href=\"{path}\">{DashboardText.Encode(delivery.Target)}</a></td><td>{Label(delivery.State)}</td><td>{delivery.Attempts.Count}</td><td class=\"word-break\">{DashboardText.Encode(Answer(delivery))}</td><td>{next}</td></tr>");
    }

    private static string Label(DeliveryState state) => DashboardText.Label(state.ToString().ToLowerInvariant(), state switch
    {
        DeliveryState.Delivered => "success",
        DeliveryState.Pending => "info",
        _ => "danger",
    });

    private static string Answer(Delivery delivery)
    {
        if (delivery.Attempts is not [.., { } last])
        {
            return "";
        }

        string answer = last.Answer is { Length: > LongestAnswer } ? last.Answer[..LongestAnswer] + "…" : last.Answer ?? "";
        return string.Join(' ', new[] { last.Status?.ToString(CultureInfo.InvariantCulture), last.Error, answer }.Where(part => !string.IsNullOrEmpty(part)));
    }
}
