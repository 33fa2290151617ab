using System.Text.Json;
using Microsoft.Data.Sqlite;
using RealtimeOps.Operations;

namespace RealtimeOps.Storage.Sqlite;

/// <summary>An operation as a row: the order of the columns is the order of <see cref="Values"/>, of <see cref="Read"/> and of the SQL.</summary>
internal static class OperationRow
{
    /// <summary>Set once, at the insert.</summary>
    private static readonly string[] Fixed =
        ["sequence", "type", "id", "owner", "base_uri", "created_at", "retention", "webhook", "idempotency_key", "tags", "resubmission_of"];

    /// <summary>Rewritten by every change.</summary>
    private static readonly string[] Changing =
    [
        "state", "attempt", "failures", "losses", "version", "version_ceiling", "revision", "progress", "activity", "status", "message", "error", "has_result",
        "started_at", "updated_at", "ended_at", "expires_at", "due_at", "lease_until", "delete_when_ended", "checkpoint", "resubmitted_as", "end_version",
    ];

    public static readonly string Columns = string.Join(", ", Fixed.Concat(Changing));

    public static readonly int Count = Fixed.Length + Changing.Length;

    public static readonly string Insert =
        $"INSERT INTO operations ({Columns}) VALUES ({string.Join(", ", Enumerable.Range(1, Fixed.Length + Changing.Length).Select(i => "?" + i))}) ON CONFLICT DO NOTHING";

    /// <summary>Replaces the row if it is still at the revision before.</summary>
    public static readonly string Update =
        $"UPDATE operations SET {string.Join(", ", Changing.Select((column, i) => $"{column} = ?{i + 1}"))} WHERE sequence = ?{Changing.Length + 1} AND revision = ?{Changing.Length + 2}";

    public static readonly int UpdateParameters = Changing.Length + 2;

    public static object?[] InsertValues(Operation operation) =>
    [
        operation.Sequence, operation.Key.Type, operation.Key.Id, operation.Owner, operation.BaseUri, Ms(operation.CreatedAt), (long)operation.Retention.TotalMilliseconds,
        operation.Webhook, operation.IdempotencyKey, operation.Tags.Count == 0 ? null : JsonSerializer.Serialize(operation.Tags), operation.ResubmissionOf?.ToString(),
        .. Values(operation),
    ];

    public static object?[] UpdateValues(Operation next) => [.. Values(next), next.Sequence, next.Revision - 1];

    public static Operation Read(SqliteDataReader row) => new()
    {
        Sequence = row.GetInt64(0),
        Key = new OperationKey(row.GetString(1), row.GetString(2)),
        Owner = row.GetString(3),
        BaseUri = row.GetString(4),
        CreatedAt = Instant(row.GetInt64(5)),
        Retention = TimeSpan.FromMilliseconds(row.GetInt64(6)),
        Webhook = Text(row, 7),
        IdempotencyKey = Text(row, 8),
        Tags = Text(row, 9) is { } tags ? JsonSerializer.Deserialize<Dictionary<string, string>>(tags)! : new Dictionary<string, string>(),
        ResubmissionOf = Key(row, 10),
        State = (OperationState)row.GetInt32(11),
        Attempt = row.GetInt32(12),
        Failures = row.GetInt32(13),
        Losses = row.GetInt32(14),
        Version = row.GetInt64(15),
        VersionCeiling = row.GetInt64(16),
        Revision = row.GetInt64(17),
        Progress = row.GetInt32(18),
        Activity = Text(row, 19),
        Status = row.IsDBNull(20) ? null : row.GetInt32(20),
        Message = Text(row, 21),
        Error = Text(row, 22) is { } error ? JsonSerializer.Deserialize<OperationError>(error) : null,
        HasResult = row.GetInt32(23) != 0,
        StartedAt = InstantOrNull(row, 24),
        UpdatedAt = Instant(row.GetInt64(25)),
        EndedAt = InstantOrNull(row, 26),
        ExpiresAt = InstantOrNull(row, 27),
        DueAt = Instant(row.GetInt64(28)),
        LeaseUntil = InstantOrNull(row, 29),
        DeleteWhenEnded = row.GetInt32(30) != 0,
        Checkpoint = row.IsDBNull(31) ? null : row.GetFieldValue<byte[]>(31),
        ResubmittedAs = Key(row, 32),
        EndVersion = row.IsDBNull(33) ? null : row.GetInt64(33),
    };

    public static long Ms(DateTimeOffset instant) => instant.ToUnixTimeMilliseconds();

    public static DateTimeOffset Instant(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static object?[] Values(Operation operation) =>
    [
        (int)operation.State, operation.Attempt, operation.Failures, operation.Losses, operation.Version, operation.VersionCeiling, operation.Revision, operation.Progress,
        operation.Activity, operation.Status, operation.Message, operation.Error is { } error ? JsonSerializer.Serialize(error) : null, operation.HasResult ? 1 : 0,
        Ms(operation.StartedAt), Ms(operation.UpdatedAt), Ms(operation.EndedAt), Ms(operation.ExpiresAt), Ms(operation.DueAt), Ms(operation.LeaseUntil),
        operation.DeleteWhenEnded ? 1 : 0, operation.Checkpoint, operation.ResubmittedAs?.ToString(), operation.EndVersion,
    ];

    private static object? Ms(DateTimeOffset? instant) => instant?.ToUnixTimeMilliseconds();

    private static DateTimeOffset? InstantOrNull(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : Instant(row.GetInt64(column));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static OperationKey? Key(SqliteDataReader row, int column)
    {
        if (row.IsDBNull(column))
        {
            return null;
        }

        string[] parts = row.GetString(column).Split('/', 2);
        return new OperationKey(parts[0], parts[1]);
    }
}
