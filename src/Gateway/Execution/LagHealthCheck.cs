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
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = time.GetUtcNow();
        string[] late = [.. (unfinished.Get() ?? [])
            .Where(same => same.State.IsWaiting() && now - same.OldestDueAt > options.Value.LagWarning && HasWorkers(same.Type))
            .Select(same => $"{same.Type} ({(now - same.OldestDueAt).TotalSeconds:0} s)")];
        return Task.FromResult(late.Length == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded($"Operations wait although there are workers for them: {string.Join(", ", late)}."));
    }

    /// <summary>A type that this server does not know is for another one to run.</summary>
    private bool HasWorkers(string name) =>
        types.TryFind(name, out OperationType? type)
        && attempts.All.Count(attempt => attempt.Key.Type == name) < (type.Concurrency ?? int.MaxValue)
        && attempts.All.Count(attempt => types.TryFind(attempt.Key.Type, out OperationType? other) && other.Queue == type.Queue) < options.Value.Workers;
}
