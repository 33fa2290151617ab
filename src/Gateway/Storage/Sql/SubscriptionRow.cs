using System.Collections.ObjectModel;
using System.Text.Json;
using RealtimeOps.Operations;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Storage.Sql;

/// <summary>A subscription as a row: the order of the columns is the order of <see cref="Bind"/>, of <see cref="Read"/> and of the SQL.</summary>
internal static class SubscriptionRow
{
    private static readonly string[] Names =
        ["id", "owner", "webhook", "types", "states", "tags", "every_change", "state", "disabled_reason", "created_at", "expires_at", "secret", "retired_secrets", "failing_since"];

    public static readonly string Columns = string.Join(", ", Names);

    public static string Put(SqlDialect dialect) => dialect.Put("subscriptions", Names, ["id"]);

    public static Statement Bind(Statement statement, Subscription subscription) => statement
        .Bind(subscription.Id).Bind(subscription.Owner).Bind(subscription.Webhook)
        .Bind(Json(subscription.Types)).Bind(Json(subscription.States)).Bind(subscription.Tags.Count == 0 ? null : JsonSerializer.Serialize(subscription.Tags))
        .Bind(subscription.EveryChange ? 1 : 0).Bind((long)subscription.State).Bind(subscription.DisabledReason)
        .Bind(OperationRow.Ms(subscription.CreatedAt)).Bind(subscription.ExpiresAt?.ToUnixTimeMilliseconds())
        .Bind(subscription.Secret).Bind(Json(subscription.Retired)).Bind(subscription.FailingSince?.ToUnixTimeMilliseconds());

    public static Subscription Read(Row row) => new()
    {
        Id = row.Text(0),
        Owner = row.Text(1),
        Webhook = row.Text(2),
        Types = List<string>(row, 3),
        States = List<OperationState>(row, 4),
        Tags = row.TextOrNull(5) is { } tags ? JsonSerializer.Deserialize<Dictionary<string, string>>(tags)! : ReadOnlyDictionary<string, string>.Empty,
        EveryChange = row.Number(6) != 0,
        State = (SubscriptionState)row.Number(7),
        DisabledReason = row.TextOrNull(8),
        CreatedAt = OperationRow.Instant(row.Number(9)),
        ExpiresAt = row.NumberOrNull(10) is { } expiresAt ? OperationRow.Instant(expiresAt) : null,
        Secret = row.TextOrNull(11),
        Retired = List<RetiredSecret>(row, 12),
        FailingSince = row.NumberOrNull(13) is { } since ? OperationRow.Instant(since) : null,
    };

    private static IReadOnlyList<T> List<T>(Row row, int column) => row.TextOrNull(column) is { } json ? JsonSerializer.Deserialize<T[]>(json)! : [];

    private static string? Json<T>(IReadOnlyList<T> values) => values.Count == 0 ? null : JsonSerializer.Serialize(values);
}
