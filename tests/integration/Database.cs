using System.Globalization;
using Microsoft.Data.Sqlite;

namespace RealtimeOps.IntegrationTests;

/// <summary>A look into the embedded store, past the server.</summary>
internal static class Database
{
    public static string File(string dataPath) => Path.Combine(dataPath, "operations.db");

    public static long Scalar(string dataPath, string sql) => Convert.ToInt64(Run(dataPath, sql), CultureInfo.InvariantCulture);

    public static object? Run(string dataPath, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File(dataPath)};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
