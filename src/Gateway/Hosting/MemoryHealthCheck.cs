using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RealtimeOps.Hosting;

/// <summary>A server that is short of memory refuses what is new by itself; those who wait for what it has are still answered.</summary>
internal sealed class MemoryHealthCheck(MemoryGuard guard) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(guard.Refusal is null ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded("Memory runs short; new submissions and streams are refused."));
}
