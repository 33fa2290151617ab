using RealtimeOps.Storage.Sql;
using SQLitePCL;

namespace RealtimeOps.Storage.Sqlite;

/// <summary>The row that a statement stands on.</summary>
internal sealed class SqliteRow(sqlite3_stmt statement) : Row
{
    public override bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public override long Number(int column) => raw.sqlite3_column_int64(statement, column);

    public override string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    public override byte[] Bytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();
}
