using Hangfire;
using Hangfire.SqlServer;
using Microsoft.Extensions.Configuration;

namespace RealtimeOps.Hangfire;

/// <summary>Jobs in SQL Server, which all nodes share.</summary>
internal static class SqlServerJobs
{
    private const string ConnectionName = "RealtimeOps";

    /// <summary>What Hangfire recommends for new databases; its defaults are for old ones.</summary>
    public static SqlServerStorageOptions Options => new()
    {
        SchemaName = "HangFire",
        CommandBatchMaxTimeout = TimeSpan.FromMinutes(5),
        SlidingInvisibilityTimeout = TimeSpan.FromMinutes(5),

        // Looks five times a second, and at once when this node has put something in.
        QueuePollInterval = TimeSpan.Zero,
        UseRecommendedIsolationLevel = true,
        DisableGlobalLocks = true,
    };

    /// <exception cref="StartupException">There is no connection string.</exception>
    public static JobStorage Open(IConfiguration configuration) =>
        configuration.GetConnectionString(ConnectionName) is { Length: > 0 } connection
            ? new SqlServerStorage(connection, Options)
            : throw new StartupException($"Storage:Provider is 'sqlserver', which needs ConnectionStrings:{ConnectionName}.");
}
