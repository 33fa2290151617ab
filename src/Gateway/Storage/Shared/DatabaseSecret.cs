using RealtimeOps.Webhooks;

namespace RealtimeOps.Storage.Shared;

/// <summary>The secret of all servers of a database, made by the first of them.</summary>
internal sealed class DatabaseSecret(SharedDatabase database, ILogger<DatabaseSecret> logger) : ISecretFile
{
    private readonly string _insert = database.Dialect.InsertNew("secrets", ["name", "value"], ["name"]);

    public string Path => "secrets (table of the database)";

    public string ReadOrCreate(Func<string> make)
    {
        if (Read() is { } known)
        {
            return known;
        }

        if (database.Execute(_insert, "webhooks", make()) > 0)
        {
            StorageLog.SharedSecretMade(logger);
        }

        return Read()!;
    }

    private string? Read()
    {
        using System.Data.Common.DbConnection connection = database.Connect();
        connection.Open();
        using System.Data.Common.DbCommand command = database.Command(connection, "SELECT value FROM secrets WHERE name = ?1", "webhooks");
        return (string?)command.ExecuteScalar();
    }
}
