namespace RealtimeOps.Storage.Sql;

/// <summary>What the databases spell differently. As it stands here, SQLite and PostgreSQL understand it.</summary>
internal abstract class SqlDialect
{
    /// <summary>The lanes with something pending are looked up one after the other in the index: a long queue of one is not read through.</summary>
    private const string LanesByIndex =
        """
        WITH RECURSIVE lanes (lane) AS (
            SELECT min(lane) FROM deliveries WHERE state = 0
            UNION ALL
            SELECT (SELECT min(lane) FROM deliveries WHERE state = 0 AND lane > lanes.lane) FROM lanes WHERE lane IS NOT NULL),
        due (lane, due_at) AS (
            SELECT lane, (SELECT min(due_at) FROM deliveries WHERE state = 0 AND lane = lanes.lane AND due_at IS NOT NULL) FROM lanes WHERE lane IS NOT NULL)
        SELECT lane, due_at FROM due WHERE due_at IS NOT NULL
        """;

    /// <summary>Types, and the owners within each, are looked up one after the other in the index: a long queue of one owner is not read through.</summary>
    private const string WaitingOwnersByIndex =
        """
        WITH RECURSIVE types (type) AS (
            SELECT min(type) FROM operations WHERE state IN (0, 2)
            UNION ALL
            SELECT (SELECT min(type) FROM operations WHERE state IN (0, 2) AND type > types.type) FROM types WHERE type IS NOT NULL),
        owners (type, owner) AS (
            SELECT type, (SELECT min(owner) FROM operations WHERE state IN (0, 2) AND type = types.type) FROM types WHERE type IS NOT NULL
            UNION ALL
            SELECT type, (SELECT min(owner) FROM operations WHERE state IN (0, 2) AND type = owners.type AND owner > owners.owner) FROM owners WHERE owner IS NOT NULL)
        SELECT type, owner FROM owners
        WHERE owner IS NOT NULL AND (SELECT min(due_at) FROM operations WHERE state IN (0, 2) AND type = owners.type AND owner = owners.owner) <= ?1
        """;

    /// <summary>Other servers write to the same tables: what a session remembers may be out of date, and rows may change between two statements.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Every lane with something pending, and when its first message is due.</summary>
    public virtual string Lanes => LanesByIndex;

    /// <summary>Every type and owner with something that waits and is due at <c>?1</c> or before.</summary>
    public virtual string WaitingOwners => WaitingOwnersByIndex;

    /// <summary>Adds to the counts of a contact, <c>?1</c> to <c>?5</c>, if its operation is still there.</summary>
    public virtual string AddContact =>
        """
        INSERT INTO contacts (operation, way, first_at, last_at, count)
        SELECT sequence, ?2, ?3, ?4, ?5 FROM operations WHERE sequence = ?1
        ON CONFLICT (operation, way) DO UPDATE SET last_at = excluded.last_at, count = contacts.count + excluded.count
        """;

    /// <summary>A subquery for the numbers that a parameter holds as a JSON array.</summary>
    public abstract string NumbersIn(string parameter);

    /// <summary>Inserts a row unless one of its keys is taken; changes no row then. The parameters stand in the order of the columns.</summary>
    /// <param name="table">Where to.</param>
    /// <param name="columns">All that are given.</param>
    /// <param name="keys">The unique keys, each as its columns; one with a NULL counts as free.</param>
    public virtual string InsertNew(string table, IReadOnlyList<string> columns, params IReadOnlyList<string[]> keys) => $"{Insert(table, columns)} ON CONFLICT DO NOTHING";

    /// <summary>As <see cref="InsertNew"/>, and only if a query finds nothing.</summary>
    /// <param name="table">Where to.</param>
    /// <param name="columns">All that are given.</param>
    /// <param name="unless">The query; the same parameters are there for it.</param>
    /// <param name="keys">The unique keys.</param>
    public virtual string InsertNewUnless(string table, IReadOnlyList<string> columns, string unless, params IReadOnlyList<string[]> keys) =>
        $"INSERT INTO {table} ({string.Join(", ", columns)}) SELECT {string.Join(", ", Parameters(columns))} WHERE NOT EXISTS ({unless}) ON CONFLICT DO NOTHING";

    /// <summary>Inserts a row, or replaces the one with the same key.</summary>
    public virtual string Put(string table, IReadOnlyList<string> columns, IReadOnlyList<string> key) =>
        $"{Insert(table, columns)} ON CONFLICT ({string.Join(", ", key)}) DO UPDATE SET {string.Join(", ", columns.Except(key).Select(column => $"{column} = excluded.{column}"))}";

    protected static string Insert(string table, IReadOnlyList<string> columns) => $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", Parameters(columns))})";

    protected static IEnumerable<string> Parameters(IEnumerable<string> columns) => columns.Select((_, i) => "?" + (i + 1));
}
