using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Xunit;

namespace RealtimeOps.IntegrationTests;

/// <summary>One server for all tests of a class, where none of them needs settings of its own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private GatewayServer? _server;

    public GatewayServer Server => _server ?? throw new InvalidOperationException("Not started.");

    public GatewayClient Client => Server.Client;

    public async ValueTask InitializeAsync() => _server = await GatewayServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
