using RealtimeOps.TestSupport.InProcess;
using Xunit;

namespace RealtimeOps.IntegrationTests.Stores;

/// <summary>What every store promises, tried on each database that is at hand, with two servers where it can have two.</summary>
public abstract class StoreTests : IAsyncDisposable
{
    private StoreNode[] _nodes = [];

    public static TheoryData<string> Providers => [TestStore.Sqlite, TestStore.Postgres, TestStore.SqlServer];

    public static TheoryData<string> Shared => [TestStore.Postgres, TestStore.SqlServer];

    public async ValueTask DisposeAsync()
    {
        foreach (StoreNode node in _nodes.Distinct())
        {
            await node.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    internal async Task<(StoreNode First, StoreNode Second)> StartAsync(string provider)
    {
        _nodes = await StoreNode.StartAsync(provider);
        return (_nodes[0], _nodes[1]);
    }

    internal async Task<StoreNode> StartOneAsync(string provider)
    {
        _nodes = await StoreNode.StartAsync(provider, count: 1);
        return _nodes[0];
    }
}
