using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;

namespace RealtimeOps.Webhooks;

/// <summary>Checks what annotations cannot, and names every fault at once.</summary>
internal sealed partial class WebhookOptionsValidator(IConfiguration configuration) : IValidateOptions<RealtimeOpsOptions>
{
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
        if (webhooks.RetrySchedule.Any(delay => delay < TimeSpan.Zero))
        {
            faults.Add("Webhooks:RetrySchedule must not be negative.");
        }

        if (configuration.GetSection("Webhooks:RetrySchedule").GetChildren().Count() > webhooks.RetrySchedule.Count)
        {
            faults.Add("Webhooks:RetrySchedule holds what is no time span such as 00:00:05.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HostName();
}
