using RealtimeOps.Webhooks;

namespace RealtimeOps.Storage.Sql;

/// <summary>A message as a row: the order of the columns is the order of <see cref="BindInsert"/>, of <see cref="Read"/> and of the SQL.</summary>
internal static class DeliveryRow
{
    public const string Columns =
        "number, id, owner, kind, operation, base_uri, version, subscription, target, trace_parent, state, created_at, due_at, lease_until, received_at";

    public const string Insert =
        $"INSERT INTO deliveries ({Columns}, lane, failures, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, 0, ?17)";

    public static Statement BindInsert(Statement statement, Delivery delivery, string lane) => statement
        .Bind(delivery.Number).Bind(delivery.Id).Bind(delivery.Owner).Bind((long)delivery.Kind).Bind(delivery.Operation?.ToString()).Bind(delivery.BaseUri)
        .Bind(delivery.Version).Bind(delivery.Subscription).Bind(delivery.Target).Bind(delivery.TraceParent).Bind((long)delivery.State)
        .Bind(OperationRow.Ms(delivery.CreatedAt)).Bind(delivery.DueAt?.ToUnixTimeMilliseconds()).Bind(delivery.LeaseUntil?.ToUnixTimeMilliseconds())
        .Bind(delivery.ReceivedAt?.ToUnixTimeMilliseconds()).Bind(lane).Bind(delivery.Body);

    /// <summary>All but the body and the attempts.</summary>
    public static Delivery Read(Row row) => new()
    {
        Number = row.Number(0),
        Id = row.Text(1),
        Owner = row.Text(2),
        Kind = (DeliveryKind)row.Number(3),
        Operation = OperationRow.Key(row.TextOrNull(4)),
        BaseUri = row.Text(5),
        Version = row.Number(6),
        Subscription = row.TextOrNull(7),
        Target = row.Text(8),
        TraceParent = row.TextOrNull(9),
        State = (DeliveryState)row.Number(10),
        CreatedAt = OperationRow.Instant(row.Number(11)),
        DueAt = row.NumberOrNull(12) is { } dueAt ? OperationRow.Instant(dueAt) : null,
        LeaseUntil = row.NumberOrNull(13) is { } leaseUntil ? OperationRow.Instant(leaseUntil) : null,
        ReceivedAt = row.NumberOrNull(14) is { } receivedAt ? OperationRow.Instant(receivedAt) : null,
    };

    public static DeliveryAttempt ReadAttempt(Row row) => new(
        OperationRow.Instant(row.Number(0)), (int?)row.NumberOrNull(1), TimeSpan.FromMilliseconds(row.Number(2)), row.TextOrNull(3), row.TextOrNull(4));
}
