using RealtimeOps.Storage.Sql;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Stores;

/// <summary>What the queue asks costs what it brings: neither the archive nor another caller's backlog is read through.</summary>
public sealed class WaitingPlanTests : StoreTests
{
    [Fact]
    public async Task ListWaiting_Embedded_SeeksWithinTheOwnersPart()
    {
        (await PlanAsync(OperationQueries.Waiting, "t", "a", long.MaxValue, 0L, 0L, 100))
            .ShouldBe(["SEARCH operations USING INDEX operations_waiting (type=? AND owner=? AND due_at>? AND due_at<?)"]);
    }

    [Fact]
    public async Task ListWaitingOwners_Embedded_LooksEachUpAndReadsNothingThrough()
    {
        string[] ofOperations = [.. (await PlanAsync(new AnyDialect().WaitingOwners, long.MaxValue)).Where(step => step.Contains("operations", StringComparison.Ordinal))];

        ofOperations.Length.ShouldBe(5);
        ofOperations.ShouldAllBe(step => step.StartsWith("SEARCH operations USING COVERING INDEX operations_waiting", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CountUnfinished_Embedded_ReadsTheIndexAlone()
    {
        (await PlanAsync(OperationQueries.Unfinished)).ShouldContain("SCAN operations USING COVERING INDEX operations_waiting");
    }

    private async Task<List<string>> PlanAsync(string sql, params object[] values)
    {
        StoreNode node = await StartOneAsync(TestStore.Sqlite);
        return await node.Storage.Reader.QueryAsync("EXPLAIN QUERY PLAN " + sql, row => row.Text(3), TestContext.Current.CancellationToken, values);
    }

    private sealed class AnyDialect : SqlDialect
    {
        public override bool IsShared => false;

        public override string NumbersIn(string parameter) => throw new NotSupportedException();
    }
}
