using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace RealtimeOps.Execution;

/// <summary>Not ready when what keeps operations going has stood still: leases would lapse, and what was forgotten would stay so.</summary>
internal sealed class EngineHealthCheck(StalledOperationSweeper sweeper, AttemptPulse pulse, IOptions<ExecutionOptions> options, TimeProvider time) : IHealthCheck
{
    /// <summary>A busy machine, or a database that is slow to answer, may be late by this.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        TimeSpan beat = time.GetElapsedTime(pulse.LastBeat);
        TimeSpan sweep = time.GetElapsedTime(sweeper.LastSweep);
        return Task.FromResult(
            beat > Grace ? HealthCheckResult.Unhealthy($"Leases of running operations have not been looked at for {beat.TotalSeconds:0} s.")
            : sweep > Grace + options.Value.SweepInterval ? HealthCheckResult.Unhealthy($"Forgotten operations have not been looked for in {sweep.TotalSeconds:0} s.")
            : HealthCheckResult.Healthy());
    }
}
