using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace RealtimeOps.Storage.Sqlite;

/// <summary>Reading connections, each with its prepared statements, lent to one query at a time. They never wait for the writer (WAL).</summary>
internal sealed class SqliteReader(SqliteDatabase database) : IDisposable
{
    private readonly ConcurrentBag<Session> _idle = [];

    /// <exception cref="StoreUnavailableException">The database cannot be read now.</exception>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        Session? session = null;
        try
        {
            if (!_idle.TryTake(out session))
            {
                session = new Session(database.OpenReader());
            }

            List<T> rows = session.Statement(sql, values.Length).Query(read, values);
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

    private sealed class Session(SqliteConnection connection) : IDisposable
    {
        /// <summary>Lists are built from what the caller filters by; the plain queries are few and stay.</summary>
        private const int MostStatements = 64;

        private readonly Dictionary<string, Statement> _statements = [];

        public Statement Statement(string sql, int parameters)
        {
            if (_statements.TryGetValue(sql, out Statement? statement))
            {
                return statement;
            }

            if (_statements.Count == MostStatements)
            {
                Clear();
            }

            statement = new Statement(connection, sql, parameters);
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
