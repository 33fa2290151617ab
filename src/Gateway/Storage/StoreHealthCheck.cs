using Microsoft.Extensions.Diagnostics.HealthChecks;
using RealtimeOps.Operations;

namespace RealtimeOps.Storage;

/// <summary>
/// Not ready while the store takes no writes. That is tried: what is known from the last write of somebody else would be out of date on a server that has nothing to do. However often
/// it is asked, it writes every few seconds at most, unless other writes have gone differently since.
/// </summary>
internal sealed class StoreHealthCheck(IOperationStore store, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private Task _probe = Task.CompletedTask;
    private long? _probedAt;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Task probe = Probe();
        try
        {
            await probe.WaitAsync(Patience, time, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (StoreUnavailableException)
        {
            return HealthCheckResult.Unhealthy("The store cannot be written; the log tells why.");
        }
        catch (TimeoutException)
        {
            return HealthCheckResult.Unhealthy($"The store has not finished a write within {Patience.TotalSeconds:0} s.");
        }
    }

    private Task Probe()
    {
        lock (_gate)
        {
            bool isTrue = !_probe.IsCompleted || _probe.IsCompletedSuccessfully == (store.Trouble is null);
            if (_probedAt is not { } at || !isTrue || (_probe.IsCompleted && time.GetElapsedTime(at) >= Interval))
            {
                _probedAt = time.GetTimestamp();
                _probe = store.ProbeAsync(time.GetUtcNow()).AsTask();
            }

            return _probe;
        }
    }
}
