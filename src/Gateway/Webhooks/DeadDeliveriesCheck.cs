using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RealtimeOps.Webhooks;

/// <summary>Dead messages need a person's eye; the server is as ready as ever.</summary>
internal sealed class DeadDeliveriesCheck(IDeliveryStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            (long pending, long dead) = await store.CountAsync(cancellationToken);
            var data = new Dictionary<string, object> { ["pending"] = pending, ["dead"] = dead };
            return dead == 0
                ? HealthCheckResult.Healthy(data: data)
                : HealthCheckResult.Degraded($"{dead} dead webhook messages; see GET /deliveries?state=dead.", data: data);
        }
        catch (StoreUnavailableException failure)
        {
            return HealthCheckResult.Degraded("Webhook messages cannot be counted.", failure);
        }
    }
}
