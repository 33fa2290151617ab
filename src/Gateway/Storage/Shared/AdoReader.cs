using System.Data.Common;
using RealtimeOps.Storage.Sql;

namespace RealtimeOps.Storage.Shared;

/// <summary>Each query on a connection of the pool.</summary>
internal sealed class AdoReader(SharedDatabase database) : ISqlReader
{
    public async ValueTask<List<T>> QueryAsync<T>(string sql, Func<Row, T> read, CancellationToken cancellationToken, params object[] values)
    {
        // A connection that broke while it lay in the pool is noticed only when it is used: the next one is fresh.
        for (bool isFirst = true; ; isFirst = false)
        {
            try
            {
                return await RunAsync(sql, read, cancellationToken, values);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && database.Judge(failure, isCommitting: false) is var kind && (kind is WriteFailure.Passing or WriteFailure.Conflict || failure is DbException))
            {
                if (!isFirst || kind is not (WriteFailure.Passing or WriteFailure.Conflict))
                {
                    throw new StoreUnavailableException("The store cannot be read now: " + failure.Message, failure);
                }

                database.ForgetConnections();
            }
        }
    }

    private async Task<List<T>> RunAsync<T>(string sql, Func<Row, T> read, CancellationToken cancellationToken, object[] values)
    {
        await using DbConnection connection = database.Connect();
        await connection.OpenAsync(cancellationToken);
        await using DbCommand command = database.Command(connection, sql, values);
        await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        var row = new AdoRow(reader);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(row));
        }

        return rows;
    }
}
