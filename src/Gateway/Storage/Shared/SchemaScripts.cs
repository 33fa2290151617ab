using System.Data.Common;

namespace RealtimeOps.Storage.Shared;

/// <summary>Brings a shared database to the present schema: numbered scripts, applied in order, in one transaction that one server at a time may have.</summary>
internal sealed class SchemaScripts(SharedDatabase database)
{
    private readonly string[] _scripts = [.. database.Scripts.Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(database.Scripts.Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public int Count => _scripts.Length;

    public async Task ApplyAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using DbTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync(connection, transaction, database.LockSchema, cancellationToken);
        int present = await PresentAsync(connection, transaction, cancellationToken);
        if (present > _scripts.Length)
        {
            throw new StartupException(
                $"The database '{database.Place}' has schema {present}; this server knows {_scripts.Length}. A newer server wrote it: start that one, or restore a backup made before the upgrade. Nothing was changed.");
        }

        for (int number = present; number < _scripts.Length; number++)
        {
            using var reader = new StreamReader(database.Scripts.Assembly.GetManifestResourceStream(_scripts[number])!);
            await RunAsync(connection, transaction, await reader.ReadToEndAsync(cancellationToken), cancellationToken);
            await RunAsync(connection, transaction, $"INSERT INTO schema_scripts (number) VALUES ({number + 1})", cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<int> PresentAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        await using DbCommand command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = ("SELECT coalesce(max(number), 0) FROM schema_scripts", transaction);
        await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (int)new AdoRow(reader).Number(0);
    }

    private static async Task RunAsync(DbConnection connection, DbTransaction transaction, string sql, CancellationToken cancellationToken)
    {
        await using DbCommand command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
