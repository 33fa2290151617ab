using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>
/// Operations that could start and do not, although this node has workers for them. A queue that is merely long is none of that. The server still accepts and answers, so it is as ready
/// as ever, but somebody should look.
/// </summary>
internal sealed class LagHealthCheck(
    SampledFigures<IReadOnlyList<UnfinishedOperations>> unfinished, OperationTypes types, RunningAttempts attempts, IOptions<ExecutionOptions> options, TimeProvider time) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (await unfinished.GetAsync(cancellationToken) is not { } known)
        {
            return HealthCheckResult.Degraded("How long operations have been waiting is unknown; the store does not tell in time.");
        }

        DateTimeOffset now = time.GetUtcNow();
        TimeSpan[] late = [.. known
            .Where(same => same.State.IsWaiting() && now - same.OldestDueAt > options.Value.LagWarning && HasWorkers(same.Type))
            .GroupBy(same => same.Type, (_, same) => now - same.Min(one => one.OldestDueAt))];
        return late.Length == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded(string.Create(CultureInfo.InvariantCulture, $"Operations of {late.Length} types wait although there are workers for them, for up to {late.Max().TotalSeconds:0} s."));
    }

    /// <summary>A type that this server does not know is for another one to run.</summary>
    private bool HasWorkers(string name) =>
        types.TryFind(name, out OperationType? type)
        && attempts.All.Count(attempt => attempt.Key.Type == name) < (type.Concurrency ?? int.MaxValue)
        && attempts.All.Count(attempt => types.TryFind(attempt.Key.Type, out OperationType? other) && other.Queue == type.Queue) < options.Value.Workers;
}
