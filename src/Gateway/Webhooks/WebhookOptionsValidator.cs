using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;

namespace RealtimeOps.Webhooks;

/// <summary>Checks what annotations cannot, and names every fault at once.</summary>
internal sealed partial class WebhookOptionsValidator : IValidateOptions<RealtimeOpsOptions>
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(30);

    public ValidateOptionsResult Validate(string? name, RealtimeOpsOptions options)
    {
        WebhookOptions webhooks = options.Webhooks;
        var faults = new List<string>();
        if (webhooks.Secret is { } secret && SigningSecret.Parse(secret) is null)
        {
            faults.Add("Webhooks:Secret must be whsec_ followed by 24 to 64 bytes in base64.");
        }

        faults.AddRange(webhooks.AllowedTargets
            .Where(target => TargetRules.ParseNetwork(target) is null && !HostName().IsMatch(target))
            .Select(target => $"Webhooks:AllowedTargets holds '{target}', which is neither a host such as hooks.example.com nor a CIDR such as 10.0.0.0/8."));
        if (webhooks.RetrySchedule.Any(delay => delay < TimeSpan.Zero || delay > LongestDelay))
        {
            faults.Add("Webhooks:RetrySchedule holds delays from 0 to 30 days.");
        }

        if (webhooks.KeepDelivered > webhooks.KeepUndelivered || options.Mailboxes.KeepFor > webhooks.KeepUndelivered)
        {
            faults.Add("Webhooks:KeepUndelivered must be at least as long as Webhooks:KeepDelivered and Mailboxes:KeepFor.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HostName();
}
