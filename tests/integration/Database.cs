using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Xunit;

namespace RealtimeOps.IntegrationTests;

/// <summary>A look into the store, past the server.</summary>
internal static class Database
{
    public static string File(string dataPath) => Path.Combine(dataPath, "operations.db");

    public static object? Run(string dataPath, string sql) => Run(new SqliteConnection($"Data Source={File(dataPath)};Pooling=False"), sql);

    public static object? Run(GatewayServer server, string sql) => server.ConnectionString is { } shared
        ? Run(new NpgsqlConnection(shared + ";Pooling=false"), sql)
        : Run(server.DataPath, sql);

    public static long Scalar(GatewayServer server, string sql) => Convert.ToInt64(Run(server, sql), CultureInfo.InvariantCulture);

    /// <summary>How many payloads are kept beside their rows.</summary>
    public static long Payloads(GatewayServer server) => server.ConnectionString is not null
        ? Scalar(server, "SELECT count(DISTINCT payload) FROM payload_chunks")
        : Directory.GetFiles(Path.Combine(server.DataPath, "payloads"), "*", SearchOption.AllDirectories).Length;

    /// <summary>A shared store removes what nobody names a moment later.</summary>
    public static async Task WaitForPayloadsAsync(GatewayServer server, long count)
    {
        using var limit = new CancellationTokenSource(Limits.Limit);
        while (Payloads(server) != count)
        {
            Assert.False(limit.IsCancellationRequested || server.ConnectionString is null, $"There are {Payloads(server)} payloads.");
            await server.Client.GetAsync("/health/live");
        }
    }

    private static object? Run(DbConnection connection, string sql)
    {
        using (connection)
        {
            connection.Open();
            using DbCommand command = connection.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteScalar();
        }
    }
}
