using RealtimeOps.Hosting;

namespace RealtimeOps.Storage.Shared;

/// <summary>The secrets of all servers of a database, each made by the first that needs it.</summary>
internal sealed class DatabaseSecrets(SharedDatabase database, ILogger<DatabaseSecrets> logger) : ISecretStore
{
    private readonly string _insert = database.Dialect.InsertNew("secrets", ["name", "value"], ["name"]);

    public string PlaceOf(string name) => $"{name} in the database's table secrets";

    public string ReadOrCreate(string name, string setting, Func<string> make)
    {
        if (Read(name) is { } known)
        {
            return known;
        }

        if (database.Execute(_insert, name, make()) > 0)
        {
            StorageLog.SecretMade(logger, PlaceOf(name), setting);
        }

        return Read(name)!;
    }

    private string? Read(string name)
    {
        using System.Data.Common.DbConnection connection = database.Connect();
        connection.Open();
        using System.Data.Common.DbCommand command = database.Command(connection, "SELECT value FROM secrets WHERE name = ?1", name);
        return (string?)command.ExecuteScalar();
    }
}
