using RealtimeOps.Operations;

namespace RealtimeOps.Storage.Sql;

internal static class PayloadRow
{
    public static string Select(string table) => $"SELECT media_type, length, data, \"file\", sha256 FROM {table} WHERE operation = ?1";

    public static string Insert(string table) => $"INSERT INTO {table} (operation, media_type, length, data, \"file\", sha256) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

    public static Payload Read(Row row) => new(row.Text(0), row.Number(1), row.BytesOrNull(2), row.TextOrNull(3), row.Bytes(4));
}
