using Microsoft.Data.Sqlite;

namespace RealtimeOps.Storage.Sqlite;

/// <summary>A prepared statement whose parameters are <c>?1</c>, <c>?2</c>, …; kept with its connection, so its SQL is parsed once.</summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand _command;

    public Statement(SqliteConnection connection, string sql, int parameters)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        for (int i = 1; i <= parameters; i++)
        {
            _command.Parameters.Add(new SqliteParameter("?" + i, null));
        }
    }

    public int Execute(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    /// <summary>The rows, each turned into a value by <paramref name="read"/>.</summary>
    public List<T> Query<T>(Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        Bind(values);
        using SqliteDataReader reader = _command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public void Dispose() => _command.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }
}
