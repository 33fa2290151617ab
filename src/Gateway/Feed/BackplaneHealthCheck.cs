using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RealtimeOps.Feed;

/// <summary>A node that does not hear the others answers from the store: as right as ever, with more work and up to a second later.</summary>
internal sealed class BackplaneHealthCheck(FeedLink link) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(link.Trouble is not null ? HealthCheckResult.Degraded("Other nodes are not heard; the log tells why.") : HealthCheckResult.Healthy());
}
