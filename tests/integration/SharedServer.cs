using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Xunit;

namespace RealtimeOps.IntegrationTests;

/// <summary>One server for all tests of a class, where none of them needs settings of its own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    private GatewayServer? _server;

    public GatewayServer Server => _server ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync() => _server = await GatewayServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>Tests that share a server. What it logs during a test is that test's.</summary>
public abstract class SharedServerTests(SharedServer shared) : IClassFixture<SharedServer>, IDisposable
{
    protected GatewayClient Client => shared.Server.Client;

    public void Dispose()
    {
        shared.Server.ShouldHaveLoggedNoError();
        GC.SuppressFinalize(this);
    }
}
