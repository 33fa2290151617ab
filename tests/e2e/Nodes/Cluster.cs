using RealtimeOps.E2ETests.Support;

namespace RealtimeOps.E2ETests.Nodes;

/// <summary>Servers over one database, each with an address of its own that it keeps over restarts.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly Func<int, Task<GatewayProcess>> _start;
    private readonly GatewayProcess[] _nodes;

    private Cluster(int nodes, Func<int, Task<GatewayProcess>> start) => (_nodes, _start) = (new GatewayProcess[nodes], start);

    public Uri[] Addresses => [.. _nodes.Select(node => node.Client.Address)];

    /// <summary>Starts the nodes one after the other: the first sets the database up.</summary>
    public static async Task<Cluster> StartAsync(int nodes, string dataPath, string[] settings)
    {
        int[] ports = [.. Enumerable.Range(0, nodes).Select(_ => Ports.Free())];
        var cluster = new Cluster(nodes, node => GatewayProcess.StartAsync(Repository.Server, Path.Combine(dataPath, $"{node}"), ports[node], settings));
        try
        {
            for (int node = 0; node < nodes; node++)
            {
                cluster._nodes[node] = await cluster._start(node);
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops each in turn, in order, and starts it anew before the next.</summary>
    public async Task RestartEachAsync()
    {
        for (int node = 0; node < _nodes.Length; node++)
        {
            GatewayProcess old = _nodes[node];
            await old.StopAsync();
            _nodes[node] = await _start(node);
            await old.DisposeAsync();
        }
    }

    public async Task StopAsync()
    {
        foreach (GatewayProcess node in _nodes)
        {
            await node.StopAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (GatewayProcess node in _nodes.Where(node => node is not null))
        {
            await node.DisposeAsync();
        }
    }
}
