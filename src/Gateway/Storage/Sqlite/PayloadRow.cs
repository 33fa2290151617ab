using Microsoft.Data.Sqlite;
using RealtimeOps.Operations;

namespace RealtimeOps.Storage.Sqlite;

internal static class PayloadRow
{
    public static string Select(string table) => $"SELECT media_type, length, data, file, sha256 FROM {table} WHERE operation = ?1";

    public static Payload Read(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetInt64(1),
        row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2),
        row.IsDBNull(3) ? null : row.GetString(3),
        row.GetFieldValue<byte[]>(4));
}
