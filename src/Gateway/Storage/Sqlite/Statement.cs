using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace RealtimeOps.Storage.Sqlite;

/// <summary>
/// A prepared statement whose parameters are <c>?1</c>, <c>?2</c>, …; kept with its connection, so its SQL is parsed once. It speaks to
/// SQLite's own API: ADO.NET's way of binding a row of thirty columns costs more than SQLite's insert of it.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private int _bound;

    public Statement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public Statement Bind(long? value)
    {
        Check(value is { } number ? raw.sqlite3_bind_int64(_statement, ++_bound, number) : raw.sqlite3_bind_null(_statement, ++_bound));
        return this;
    }

    public Statement Bind(string? value)
    {
        if (value is null)
        {
            return Bind((long?)null);
        }

        if (value.Length == 0)
        {
            // An empty span is a null pointer, and that is NULL.
            Check(raw.sqlite3_bind_text(_statement, ++_bound, utf8z.FromString("")));
            return this;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(value.Length));
        int length = Encoding.UTF8.GetBytes(value, buffer);
        Check(raw.sqlite3_bind_text(_statement, ++_bound, buffer.AsSpan(0, length)));
        ArrayPool<byte>.Shared.Return(buffer);
        return this;
    }

    public Statement Bind(byte[]? value)
    {
        Check(value switch
        {
            null => raw.sqlite3_bind_null(_statement, ++_bound),
            [] => raw.sqlite3_bind_zeroblob(_statement, ++_bound, 0),
            _ => raw.sqlite3_bind_blob(_statement, ++_bound, value),
        });
        return this;
    }

    /// <summary>Runs it and answers how many rows it changed.</summary>
    public int Execute()
    {
        try
        {
            Step();
            return raw.sqlite3_changes(_database);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>The rows, each turned into a value by <paramref name="read"/>.</summary>
    public List<T> Query<T>(Func<Row, T> read)
    {
        try
        {
            var rows = new List<T>();
            while (Step())
            {
                rows.Add(read(new Row(_statement)));
            }

            return rows;
        }
        finally
        {
            Reset();
        }
    }

    public void Dispose() => _statement.Dispose();

    private bool Step()
    {
        int code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        if (code != raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(code, _database);
        }

        return false;
    }

    /// <summary>A failed step has been told already; the code that the reset repeats says nothing new.</summary>
    private void Reset()
    {
        _ = raw.sqlite3_reset(_statement);
        _bound = 0;
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            _bound = 0;
            SqliteException.ThrowExceptionForRC(code, _database);
        }
    }
}
