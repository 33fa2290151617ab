using System.Collections.ObjectModel;
using System.Text.Json;
using RealtimeOps.Operations;

namespace RealtimeOps.Storage.Sql;

/// <summary>An operation as a row: the order of the columns is the order of <see cref="BindChanging"/>, of <see cref="Read"/> and of the SQL.</summary>
internal static class OperationRow
{
    private const string Checkpoint = "\"checkpoint\"";

    /// <summary>Set once, at the insert.</summary>
    private static readonly string[] Fixed =
        ["sequence", "type", "id", "owner", "base_uri", "created_at", "retention", "webhook", "idempotency_key", "tags", "resubmission_of", "trace_parent"];

    /// <summary>Rewritten by every change.</summary>
    private static readonly string[] Changing =
    [
        "state", "attempt", "failures", "losses", "version", "version_ceiling", "revision", "progress", "activity", "status", "message", "error", "has_result",
        "started_at", "updated_at", "ended_at", "expires_at", "due_at", "lease_until", "delete_when_ended", Checkpoint, "resubmitted_as", "end_version",
    ];

    public static readonly string Columns = string.Join(", ", Fixed.Concat(Changing));

    /// <summary>The same without the checkpoint, which may be long and which only those who change an operation need.</summary>
    public static readonly string ShownColumns = string.Join(", ", Fixed.Concat(Changing.Select(column => column == Checkpoint ? "NULL" : column)));

    /// <summary>How many columns <see cref="Read"/> reads.</summary>
    public static readonly int Width = Fixed.Length + Changing.Length;

    /// <summary>Changes nothing where the key, or the owner's idempotency key, is taken, or was until lately: it may have gone since the submitter was let in.</summary>
    public static string Insert(SqlDialect dialect) => dialect.InsertNewUnless(
        "operations", [.. Fixed, .. Changing], "SELECT 1 FROM tombstones WHERE type = ?2 AND id = ?3 AND until > ?6", ["type", "id"], ["owner", "idempotency_key"]);

    /// <summary>Replaces the row if it is still at the revision before.</summary>
    public static readonly string Update =
        $"UPDATE operations SET {string.Join(", ", Changing.Select((column, i) => $"{column} = ?{i + 1}"))} WHERE sequence = ?{Changing.Length + 1} AND revision = ?{Changing.Length + 2}";

    public static Statement BindInsert(Statement statement, Operation operation) => BindChanging(
        statement
            .Bind(operation.Sequence).Bind(operation.Key.Type).Bind(operation.Key.Id).Bind(operation.Owner).Bind(operation.BaseUri)
            .Bind(Ms(operation.CreatedAt)).Bind((long)operation.Retention.TotalMilliseconds).Bind(operation.Webhook).Bind(operation.IdempotencyKey)
            .Bind(operation.Tags.Count == 0 ? null : JsonSerializer.Serialize(operation.Tags)).Bind(operation.ResubmissionOf?.ToString()).Bind(operation.TraceParent),
        operation);

    public static Statement BindUpdate(Statement statement, Operation next) => BindChanging(statement, next).Bind(next.Sequence).Bind(next.Revision - 1);

    public static Operation Read(Row row) => new()
    {
        Sequence = row.Number(0),
        Key = new OperationKey(row.Text(1), row.Text(2)),
        Owner = row.Text(3),
        BaseUri = row.Text(4),
        CreatedAt = Instant(row.Number(5)),
        Retention = TimeSpan.FromMilliseconds(row.Number(6)),
        Webhook = row.TextOrNull(7),
        IdempotencyKey = row.TextOrNull(8),
        Tags = row.TextOrNull(9) is { } tags ? JsonSerializer.Deserialize<Dictionary<string, string>>(tags)! : ReadOnlyDictionary<string, string>.Empty,
        ResubmissionOf = Key(row.TextOrNull(10)),
        TraceParent = row.TextOrNull(11),
        State = (OperationState)row.Number(12),
        Attempt = (int)row.Number(13),
        Failures = (int)row.Number(14),
        Losses = (int)row.Number(15),
        Version = row.Number(16),
        VersionCeiling = row.Number(17),
        Revision = row.Number(18),
        Progress = (int)row.Number(19),
        Activity = row.TextOrNull(20),
        Status = (int?)row.NumberOrNull(21),
        Message = row.TextOrNull(22),
        Error = row.TextOrNull(23) is { } error ? JsonSerializer.Deserialize<OperationError>(error) : null,
        HasResult = row.Number(24) != 0,
        StartedAt = Instant(row.NumberOrNull(25)),
        UpdatedAt = Instant(row.Number(26)),
        EndedAt = Instant(row.NumberOrNull(27)),
        ExpiresAt = Instant(row.NumberOrNull(28)),
        DueAt = Instant(row.Number(29)),
        LeaseUntil = Instant(row.NumberOrNull(30)),
        DeleteWhenEnded = row.Number(31) != 0,
        Checkpoint = row.BytesOrNull(32),
        ResubmittedAs = Key(row.TextOrNull(33)),
        EndVersion = row.NumberOrNull(34),
    };

    public static long Ms(DateTimeOffset instant) => instant.ToUnixTimeMilliseconds();

    public static DateTimeOffset Instant(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static Statement BindChanging(Statement statement, Operation operation) => statement
        .Bind((long)operation.State).Bind(operation.Attempt).Bind(operation.Failures).Bind(operation.Losses)
        .Bind(operation.Version).Bind(operation.VersionCeiling).Bind(operation.Revision).Bind(operation.Progress)
        .Bind(operation.Activity).Bind(operation.Status).Bind(operation.Message)
        .Bind(operation.Error is { } error ? JsonSerializer.Serialize(error) : null).Bind(operation.HasResult ? 1 : 0)
        .Bind(Ms(operation.StartedAt)).Bind(Ms(operation.UpdatedAt)).Bind(Ms(operation.EndedAt)).Bind(Ms(operation.ExpiresAt))
        .Bind(Ms(operation.DueAt)).Bind(Ms(operation.LeaseUntil)).Bind(operation.DeleteWhenEnded ? 1 : 0)
        .Bind(operation.Checkpoint).Bind(operation.ResubmittedAs?.ToString()).Bind(operation.EndVersion);

    private static long? Ms(DateTimeOffset? instant) => instant?.ToUnixTimeMilliseconds();

    private static DateTimeOffset? Instant(long? milliseconds) => milliseconds is { } value ? Instant(value) : null;

    public static OperationKey? Key(string? text)
    {
        string[]? parts = text?.Split('/', 2);
        return parts is null ? null : new OperationKey(parts[0], parts[1]);
    }
}
