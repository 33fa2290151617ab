using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using RealtimeOps.Storage.Sql;
using SQLitePCL;

namespace RealtimeOps.Storage.Sqlite;

/// <summary>
/// Kept with its connection, so its SQL is parsed once. It speaks to
/// SQLite's own API: ADO.NET's way of binding a row of thirty columns costs more than SQLite's insert of it.
/// </summary>
internal sealed class SqliteStatement : Statement
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly SqliteRow _row;
    private int _bound;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
        _row = new SqliteRow(_statement);
    }

    public override Statement Bind(long? value)
    {
        Check(value is { } number ? raw.sqlite3_bind_int64(_statement, ++_bound, number) : raw.sqlite3_bind_null(_statement, ++_bound));
        return this;
    }

    public override Statement Bind(string? value)
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

    public override Statement Bind(byte[]? value)
    {
        Check(value switch
        {
            null => raw.sqlite3_bind_null(_statement, ++_bound),
            [] => raw.sqlite3_bind_zeroblob(_statement, ++_bound, 0),
            _ => raw.sqlite3_bind_blob(_statement, ++_bound, value),
        });
        return this;
    }

    public override int Execute()
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

    /// <summary>The database is in this process: nothing is gained by waiting.</summary>
    public override void Post(Action<int>? changed = null)
    {
        int rows = Execute();
        changed?.Invoke(rows);
    }

    public override void Dispose() => _statement.Dispose();

    protected override Row Open() => _row;

    protected override bool Next() => Step();

    protected override void Close() => Reset();

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
