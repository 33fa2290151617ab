using RealtimeOps.Operations;
using RealtimeOps.Storage.Sql;

namespace RealtimeOps.Hangfire.SqlServer;

/// <summary>
/// <c>rowversion</c> and <c>MIN_ACTIVE_ROWVERSION()</c>. That function looks past every isolation level, while a statement may see the database as it was when it began: so the mark is
/// taken by a statement before those that read up to it. Numbers travel as <c>bigint</c> and are compared as <c>binary(8)</c>, or the index would not serve.
/// </summary>
internal sealed class SqlServerRowVersions(ISqlReader reader, string now) : IRowVersions
{
    private const string Between = "WHERE row_version >= CAST(?1 AS binary(8)) AND row_version < CAST(?2 AS binary(8)) ORDER BY row_version LIMIT ?3";

    private static readonly string Operations = $"SELECT {OperationRow.ShownColumns}, CAST(row_version AS bigint) FROM operations {Between}";

    private const string Envelopes = $"SELECT CAST(row_version AS bigint), envelope FROM feed_messages {Between}";

    private readonly string _mark = $"SELECT CAST(MIN_ACTIVE_ROWVERSION() AS bigint), ({now})";

    public async ValueTask<RowVersionMark> MarkAsync(CancellationToken cancellationToken) =>
        (await reader.QueryAsync(_mark, row => new RowVersionMark(row.Number(0), row.Number(1)), cancellationToken))[0];

    public ValueTask<List<(long Version, Operation Changed)>> OperationsAsync(long from, long to, int most, CancellationToken cancellationToken) =>
        reader.QueryAsync(Operations, row => (row.Number(OperationRow.Width), OperationRow.Read(row)), cancellationToken, from, to, most);

    public ValueTask<List<(long Version, string Envelope)>> EnvelopesAsync(long from, long to, int most, CancellationToken cancellationToken) =>
        reader.QueryAsync(Envelopes, row => (row.Number(0), row.Text(1)), cancellationToken, from, to, most);
}
