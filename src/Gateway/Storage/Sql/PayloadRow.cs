using System.Text.Json;
using RealtimeOps.Operations;

namespace RealtimeOps.Storage.Sql;

/// <summary>A payload as a row. An input may have the head of a request beside it, a result has none.</summary>
internal static class PayloadRow
{
    public const string SelectInput = "SELECT media_type, length, data, \"file\", sha256, head FROM inputs WHERE operation = ?1";

    public const string SelectResult = "SELECT media_type, length, data, \"file\", sha256, NULL FROM results WHERE operation = ?1";

    public const string InsertInput = "INSERT INTO inputs (operation, media_type, length, data, \"file\", sha256, head) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

    public const string InsertResult = "INSERT INTO results (operation, media_type, length, data, \"file\", sha256) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

    public static Statement BindInput(Statement statement, long operation, Payload input) =>
        BindResult(statement, operation, input).Bind(input.Head is { } head ? JsonSerializer.Serialize(head) : null);

    public static Statement BindResult(Statement statement, long operation, Payload result) =>
        statement.Bind(operation).Bind(result.MediaType).Bind(result.Length).Bind(result.Data).Bind(result.File).Bind(result.Sha256);

    public static Payload Read(Row row) => new(row.Text(0), row.Number(1), row.BytesOrNull(2), row.TextOrNull(3), row.Bytes(4))
    {
        Head = row.TextOrNull(5) is { } head ? JsonSerializer.Deserialize<RequestHead>(head) : null,
    };
}
