using Microsoft.Extensions.Diagnostics.HealthChecks;
using RealtimeOps.Operations;

namespace RealtimeOps.Storage;

/// <summary>Not ready while the store refuses writes.</summary>
internal sealed class StoreHealthCheck(IOperationStore store) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(store.Trouble is { } trouble ? HealthCheckResult.Unhealthy("The store cannot be written: " + trouble) : HealthCheckResult.Healthy());
}
