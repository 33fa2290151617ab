using System.Globalization;
using System.Text;
using RealtimeOps.Operations;

namespace RealtimeOps.Storage.Sql;

/// <summary>The reading SQL. States are written as literals, or a database would not see that a partial index serves.</summary>
internal static class OperationQueries
{
    public static readonly string Find = $"SELECT {OperationRow.Columns} FROM operations WHERE type = ?1 AND id = ?2";

    public static readonly string FindByIdempotencyKey = $"SELECT {OperationRow.Columns} FROM operations WHERE owner = ?1 AND idempotency_key = ?2 AND idempotency_key IS NOT NULL";

    public const string IsNamed = "SELECT operation FROM inputs WHERE \"file\" = ?1 UNION ALL SELECT operation FROM results WHERE \"file\" = ?1";

    public static string FindMany(SqlDialect dialect) => $"SELECT {OperationRow.Columns} FROM operations WHERE sequence IN ({dialect.NumbersIn("?1")})";

    public const string FindInput = PayloadRow.SelectInput;

    public const string FindResult = PayloadRow.SelectResult;

    public const string FindTombstone = "SELECT owner FROM tombstones WHERE type = ?1 AND id = ?2 AND until > ?3";

    public const string History = "SELECT at, event, attempt, detail FROM history WHERE operation = ?1 ORDER BY number";

    public const string Contacts = "SELECT way, first_at, last_at, count FROM contacts WHERE operation = ?1 ORDER BY first_at";

    public const string Lapsed = "SELECT type, id FROM operations WHERE state IN (1, 3) AND lease_until <= ?1 ORDER BY lease_until LIMIT ?2";

    public const string Waiting =
        "SELECT id, sequence, due_at FROM operations WHERE state IN (0, 2) AND type = ?1 AND owner = ?2 AND due_at <= ?3 AND due_at >= ?4 AND (due_at > ?4 OR sequence > ?5) ORDER BY due_at, sequence LIMIT ?6";

    public const string Unfinished =
        """
        SELECT type, state, count(*), min(due_at) FROM operations WHERE state IN (0, 2) GROUP BY type, state
        UNION ALL SELECT type, state, count(*), min(due_at) FROM operations WHERE state IN (1, 3) GROUP BY type, state
        """;

    public const string CountWaiting = "SELECT owner, count(*) FROM operations WHERE state IN (0, 2) GROUP BY owner";

    public static (string Sql, object[] Values) List(OperationFilter filter, long beforeSequence, int most)
    {
        var values = new List<object>();
        var sql = new StringBuilder($"SELECT {OperationRow.Columns} FROM operations WHERE sequence < {Parameter(values, beforeSequence)}");
        AppendFilter(sql, values, filter);
        sql.Append(CultureInfo.InvariantCulture, $" ORDER BY sequence DESC LIMIT {Parameter(values, most)}");
        return (sql.ToString(), values.ToArray());
    }

    /// <summary>One sorted read of two numbers each; sorting anew for every page of rows would cost the square of what is unfinished.</summary>
    public static (string Sql, object[] Values) Recent(OperationFilter filter, DateTimeOffset? endedAfter, RecentOperation after)
    {
        const string Places = "SELECT updated_at, sequence FROM operations WHERE ";
        var values = new List<object>();
        var sql = new StringBuilder($"SELECT updated_at, sequence FROM ({Places}state IN (0, 2)");
        AppendFilter(sql, values, filter);
        sql.Append(CultureInfo.InvariantCulture, $" UNION ALL {Places}state IN (1, 3)");
        AppendFilter(sql, values, filter);
        if (endedAfter is { } ended)
        {
            sql.Append(CultureInfo.InvariantCulture, $" UNION ALL SELECT updated_at, sequence FROM ({Places}state >= 4 AND ended_at > {Parameter(values, OperationRow.Ms(ended))}");
            AppendFilter(sql, values, filter);
            sql.Append(" ORDER BY ended_at DESC LIMIT 10000) AS ended");
        }

        sql.Append(CultureInfo.InvariantCulture, $") AS places WHERE updated_at > {Parameter(values, OperationRow.Ms(after.UpdatedAt))} OR (updated_at = ?{values.Count} AND sequence > {Parameter(values, after.Sequence)}) ORDER BY updated_at, sequence");
        return (sql.ToString(), values.ToArray());
    }

    private static void AppendFilter(StringBuilder sql, List<object> values, OperationFilter filter)
    {
        if (filter.Owner is not null)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND owner = {Parameter(values, filter.Owner)}");
        }

        if (filter.Type is not null)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND type = {Parameter(values, filter.Type)}");
        }

        if (filter.Types is { } types)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND type IN ({string.Join(", ", types.Order(StringComparer.Ordinal).Select(type => Parameter(values, type)))})");
        }

        if (filter.CreatedAfter is { } after)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND created_at > {Parameter(values, OperationRow.Ms(after))}");
        }

        if (filter.CreatedBefore is { } before)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND created_at < {Parameter(values, OperationRow.Ms(before))}");
        }

        foreach ((string name, string value) in filter.Tags)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND sequence IN (SELECT operation FROM operation_tags WHERE name = {Parameter(values, name)} AND value = {Parameter(values, value)})");
        }

        if (filter.States.Count > 0)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND {States(filter.States)}");
        }
    }

    /// <summary>A list of unfinished states is answered from the small partial indexes, never from the archive.</summary>
    private static string States(IReadOnlyList<OperationState> states)
    {
        string list(IEnumerable<OperationState> some) => string.Join(", ", some.Distinct().Order().Select(state => (int)state));
        if (states.Any(state => state.IsFinal()))
        {
            return $"state IN ({list(states)})";
        }

        var parts = new List<string>();
        if (states.Any(state => state.IsWaiting()))
        {
            parts.Add($"SELECT sequence FROM operations WHERE state IN (0, 2) AND state IN ({list(states)})");
        }

        if (states.Any(state => state.IsHeld()))
        {
            parts.Add($"SELECT sequence FROM operations WHERE state IN (1, 3) AND state IN ({list(states)})");
        }

        return $"sequence IN ({string.Join(" UNION ALL ", parts)})";
    }

    private static string Parameter(List<object> values, object value)
    {
        values.Add(value);
        return "?" + values.Count.ToString(CultureInfo.InvariantCulture);
    }
}
