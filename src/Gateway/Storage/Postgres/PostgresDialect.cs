using RealtimeOps.Storage.Sql;

namespace RealtimeOps.Storage.Postgres;

internal sealed class PostgresDialect : SqlDialect
{
    public override bool IsShared => true;

    public override string NumbersIn(string parameter) => $"SELECT value::bigint FROM json_array_elements_text({parameter}::json)";
}
