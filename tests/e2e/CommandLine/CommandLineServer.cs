using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Xunit;

namespace RealtimeOps.E2ETests.CommandLine;

/// <summary>One server for the tests of the command line.</summary>
public sealed class CommandLineServer : IAsyncLifetime
{
    private readonly TemporaryFolder _data = new();
    private GatewayProcess? _server;

    public GatewayClient Client => _server!.Client;

    public async ValueTask InitializeAsync() => _server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);

    public async ValueTask DisposeAsync()
    {
        await using (_server)
        {
            await _server!.StopAsync();
        }

        _data.Dispose();
    }
}
