using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;

namespace RealtimeOps.Storage;

/// <summary>Not ready when the disk of the embedded store is nearly full: said before the store has to refuse what it is given.</summary>
internal sealed class DiskHealthCheck(StorageProvider storage, IOptions<RealtimeOpsOptions> options) : IHealthCheck
{
    private readonly long _least = options.Value.Data.MinimumFree;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (storage.Folder is not { } folder)
        {
            return HealthCheckResult.Healthy();
        }

        long free = new DriveInfo(folder).AvailableFreeSpace;
        return free >= _least
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy(string.Create(CultureInfo.InvariantCulture, $"The disk of Data:Path has {free:N0} bytes left; Data:MinimumFree asks for {_least:N0}."));
    }
}
