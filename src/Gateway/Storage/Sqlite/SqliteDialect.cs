using RealtimeOps.Storage.Sql;

namespace RealtimeOps.Storage.Sqlite;

internal sealed class SqliteDialect : SqlDialect
{
    public override bool IsShared => false;

    public override string NumbersIn(string parameter) => $"SELECT value FROM json_each({parameter})";
}
