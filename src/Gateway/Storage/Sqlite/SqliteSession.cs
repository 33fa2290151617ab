using Microsoft.Data.Sqlite;
using RealtimeOps.Storage.Sql;

namespace RealtimeOps.Storage.Sqlite;

/// <summary>The one connection that writes: nobody else does, so it counts by itself.</summary>
internal sealed class SqliteSession(SqliteDatabase database, SqlDialect dialect) : SqlSession(dialect)
{
    private readonly SqliteConnection _connection = database.OpenWriter();
    private readonly Dictionary<string, Statement> _statements = [];
    private long? _operation;
    private long? _delivery;

    public override Statement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out Statement? statement))
        {
            _statements.Add(sql, statement = new SqliteStatement(_connection, sql));
        }

        return statement;
    }

    public override long NextOperation() => Next(ref _operation, "SELECT coalesce(max(sequence), 0) FROM operations");

    public override long NextDelivery() => Next(ref _delivery, "SELECT coalesce(max(number), 0) FROM deliveries");

    public override void Begin(int writes)
    {
        Statement("BEGIN IMMEDIATE").Execute();
        Subscriptions.Begin();
    }

    public override void Flush()
    {
    }

    public override void Commit() => Statement("COMMIT").Execute();

    public override void Dispose()
    {
        foreach (Statement statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private long Next(ref long? last, string newest)
    {
        last = (last ?? Statement(newest).Query(row => row.Number(0))[0]) + 1;
        return last.Value;
    }
}
