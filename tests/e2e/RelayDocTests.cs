using System.Diagnostics;
using System.Globalization;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests;

/// <summary>docs/relay.md and its sample, taken at their word.</summary>
public sealed class RelayDocTests : IDisposable
{
    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Requests_Pasted_ShowWhatThePagePromises()
    {
        Node.RequireProgram();
        string page = await Repository.ReadAsync("docs/relay.md", TestContext.Current.CancellationToken);
        string requests = Markdown.Blocks(page, "bash").Single(block => block.Contains("curl", StringComparison.Ordinal));
        string port = Ports.Free().ToString(CultureInfo.InvariantCulture);
        using Process service = Process.Start(new ProcessStartInfo("node", [Path.Combine(Repository.Root, "samples/relay/service.mjs"), port]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        try
        {
            (await service.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Limited()).ShouldNotBeNull().ShouldStartWith("listening");
            await using GatewayProcess server = await GatewayProcess.StartAsync(
                Repository.Server, _data.Path, settings: ["--Relay:Routes:0:Path=/reports/**", "--Relay:Routes:0:Target=http://127.0.0.1:" + port]);

            string output = await Shell.RunAsync(requests.Replace("http://localhost:5080", server.Client.Address.ToString().TrimEnd('/'), StringComparison.Ordinal));

            output.ShouldStartWith("HTTP/1.1 202");
            output.ShouldContain("Location: ");
            output.ShouldContain("\"activity\":\"Page ");
            output.Split("\"state\":\"succeeded\"").Length.ShouldBe(3, output);
            output.ShouldEndWith("""["1","2","3"]""");
            await server.StopAsync();
        }
        finally
        {
            service.Kill();
        }
    }
}
