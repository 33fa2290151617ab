using RealtimeOps.Storage.Sql;

namespace RealtimeOps.Hangfire.SqlServer;

/// <summary>T-SQL. It has no <c>ON CONFLICT</c>: the range that a key would lie in is locked before the look, so nobody inserts it in between.</summary>
internal sealed class SqlServerDialect : SqlDialect
{
    private const string Locked = "WITH (UPDLOCK, HOLDLOCK)";

    public override bool IsShared => true;

    /// <summary>Recursion may not aggregate here.</summary>
    public override string Lanes => "SELECT lane, min(due_at) FROM deliveries WHERE state = 0 AND due_at IS NOT NULL GROUP BY lane";

    public override string WaitingOwners => "SELECT DISTINCT type, owner FROM operations WHERE state IN (0, 2) AND due_at <= ?1";

    public override string AddContact =>
        $"""
        UPDATE contacts {Locked} SET last_at = ?4, count = contacts.count + ?5 WHERE operation = ?1 AND way = ?2;
        IF @@ROWCOUNT = 0
            INSERT INTO contacts (operation, way, first_at, last_at, count) SELECT sequence, ?2, ?3, ?4, ?5 FROM operations WHERE sequence = ?1
        """;

    public override string NumbersIn(string parameter) => $"SELECT CAST(value AS bigint) FROM OPENJSON({parameter})";

    /// <summary>That a key is not NULL is said, or its filtered index would not serve and the lock would be that of the table.</summary>
    public override string InsertNew(string table, IReadOnlyList<string> columns, params IReadOnlyList<string[]> keys)
    {
        string[] parameters = [.. Parameters(columns)];
        string condition(string column) => $"{column} = {parameters[columns.ToList().IndexOf(column)]} AND {column} IS NOT NULL";
        IEnumerable<string> free = keys.Select(key => $"NOT EXISTS (SELECT 1 FROM {table} {Locked} WHERE {string.Join(" AND ", key.Select(condition))})");
        return $"INSERT INTO {table} ({string.Join(", ", columns)}) SELECT {string.Join(", ", parameters)} WHERE {string.Join(" AND ", free)}";
    }

    public override string InsertNewUnless(string table, IReadOnlyList<string> columns, string unless, params IReadOnlyList<string[]> keys) =>
        $"{InsertNew(table, columns, keys)} AND NOT EXISTS ({unless})";

    public override string Put(string table, IReadOnlyList<string> columns, IReadOnlyList<string> key)
    {
        string[] parameters = [.. Parameters(columns)];
        string[] pairs = [.. columns.Zip(parameters, (column, parameter) => $"{column} = {parameter}")];
        IEnumerable<string> changed = pairs.Where((_, i) => !key.Contains(columns[i]));
        IEnumerable<string> same = pairs.Where((_, i) => key.Contains(columns[i]));
        return $"UPDATE {table} {Locked} SET {string.Join(", ", changed)} WHERE {string.Join(" AND ", same)}; IF @@ROWCOUNT = 0 {Insert(table, columns)}";
    }
}
