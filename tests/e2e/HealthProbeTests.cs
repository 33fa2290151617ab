using System.Diagnostics;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests;

/// <summary>What the container image's HEALTHCHECK runs.</summary>
public sealed class HealthProbeTests : IDisposable
{
    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Health_ReadyServerAndNone_ExitsWith0And1()
    {
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);
        string address = server.Client.Address.AbsoluteUri;

        (await AskAsync("--health", address)).ShouldBe(0);
        await server.StopAsync();

        (await AskAsync("--health", address)).ShouldBe(1);
        (await AskAsync("--health")).ShouldBe(2);
    }

    private static async Task<int> AskAsync(params string[] arguments)
    {
        using Process probe = Process.Start(new ProcessStartInfo("dotnet", ["exec", Repository.Server, .. arguments]) { UseShellExecute = false, RedirectStandardError = true })!;
        await probe.WaitForExitAsync(TestContext.Current.CancellationToken).Limited();
        return probe.ExitCode;
    }
}
