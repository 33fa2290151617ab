using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;
using RealtimeOps.Storage.Sql;

namespace RealtimeOps.Storage.Sqlite;

/// <summary>Reading connections, each with its prepared statements, lent to one query at a time. They never wait for the writer (WAL).</summary>
internal sealed class SqliteReader(SqliteDatabase database) : ISqlReader, IDisposable
{
    private readonly ConcurrentBag<Session> _idle = [];

    /// <summary>Answers at once: a read of the embedded store does not wait.</summary>
    public ValueTask<List<T>> QueryAsync<T>(string sql, Func<Row, T> read, CancellationToken cancellationToken, params object[] values) => ValueTask.FromResult(Query(sql, read, values));

    public List<T> Query<T>(string sql, Func<Row, T> read, params ReadOnlySpan<object> values)
    {
        Session? session = null;
        try
        {
            if (!_idle.TryTake(out session))
            {
                session = new Session(database.OpenReader());
            }

            List<T> rows = Bind(session.Statement(sql), values).Query(read);
            _idle.Add(session);
            return rows;
        }
        catch (SqliteException failure)
        {
            session?.Dispose();
            throw new StoreUnavailableException("The store cannot be read now: " + failure.Message, failure);
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out Session? session))
        {
            session.Dispose();
        }
    }

    private static Statement Bind(Statement statement, ReadOnlySpan<object> values)
    {
        foreach (object value in values)
        {
            _ = value is string text ? statement.Bind(text) : statement.Bind(Convert.ToInt64(value, CultureInfo.InvariantCulture));
        }

        return statement;
    }

    private sealed class Session(SqliteConnection connection) : IDisposable
    {
        /// <summary>Lists are built from what the caller filters by; the plain queries are few and stay.</summary>
        private const int MostStatements = 64;

        private readonly Dictionary<string, Statement> _statements = [];

        public Statement Statement(string sql)
        {
            if (_statements.TryGetValue(sql, out Statement? statement))
            {
                return statement;
            }

            if (_statements.Count == MostStatements)
            {
                Clear();
            }

            statement = new SqliteStatement(connection, sql);
            _statements.Add(sql, statement);
            return statement;
        }

        public void Dispose()
        {
            Clear();
            connection.Dispose();
        }

        private void Clear()
        {
            foreach (Statement statement in _statements.Values)
            {
                statement.Dispose();
            }

            _statements.Clear();
        }
    }
}
