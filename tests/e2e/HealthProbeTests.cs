using System.Diagnostics;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests;

/// <summary>What the container image's HEALTHCHECK runs.</summary>
public sealed class HealthProbeTests : IDisposable
{
    /// <summary>No server listens there; a port that one has left might be another's by now.</summary>
    private const string Nobody = "http://127.0.0.1:1";

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 180_000)]
    public async Task Health_ReadyServerAndNone_ExitsWith0And1()
    {
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);

        (await AskAsync("--health", server.Client.Address.AbsoluteUri)).ShouldBe(0);
        (await AskAsync("--health", Nobody)).ShouldBe(1);
        (await AskAsync("--health")).ShouldBe(2);
        await server.StopAsync();
    }

    private static async Task<int> AskAsync(params string[] arguments)
    {
        using Process probe = Process.Start(new ProcessStartInfo("dotnet", ["exec", Repository.Server, .. arguments]) { UseShellExecute = false, RedirectStandardError = true })!;
        await probe.WaitForExitAsync(TestContext.Current.CancellationToken).Limited();
        return probe.ExitCode;
    }
}
