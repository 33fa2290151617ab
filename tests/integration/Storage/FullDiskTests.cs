using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Storage;

/// <summary>A disk without room: nothing is accepted, nothing is lost, and all goes on when there is room again.</summary>
public sealed class FullDiskTests
{
    /// <summary>Works for every user: writes beyond the limit fail as on a disk that has no more to give.</summary>
    [Fact]
    public async Task Submit_FilesMayNotGrow_Is503UntilTheyMay()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/prlimit"), "Needs prlimit.");
        using var folder = new TemporaryFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(folder.Path, launcher: ["/bin/sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"]);
        string id = server.Id.ToString(CultureInfo.InvariantCulture);

        await RefusesAndRecoversAsync(
            server.Client,
            fill: () => RunAsync("prlimit", "--pid", id, "--fsize=4096:"),
            free: () => RunAsync("prlimit", "--pid", id, "--fsize=unlimited:"));
    }

    /// <summary>The real thing, where the tests may mount.</summary>
    [Fact]
    public async Task Submit_FileSystemIsFull_Is503UntilItIsNot()
    {
        using var folder = new TemporaryFolder();
        Assert.SkipUnless(OperatingSystem.IsLinux() && await RunAsync("mount", "-t", "tmpfs", "-o", "size=8m", "realtimeops-test", folder.Path) == 0, "Needs the right to mount.");
        try
        {
            string ballast = folder.Combine("ballast");
            await using ServerProcess server = await ServerProcess.StartAsync(folder.Path, ["--Data:MinimumFree=1000000"]);

            await RefusesAndRecoversAsync(
                server.Client,
                fill: async () =>
                {
                    await RunAsync("dd", "if=/dev/zero", "of=" + ballast, "bs=4096");
                    Check(await server.Client.GetAsync("/health/ready"), "disk").Text("reason").ShouldBe("The disk of Data:Path has 0 bytes left; Data:MinimumFree asks for 1,000,000.");
                },
                free: () => RunAsync("rm", ballast));
            (await server.StopAsync()).ShouldBe(0);
        }
        finally
        {
            await RunAsync("umount", folder.Path);
        }
    }

    private static async Task RefusesAndRecoversAsync(GatewayClient client, Func<Task> fill, Func<Task> free)
    {
        JsonElement before = await client.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, result = "kept" });
        string running = (await client.SubmitAsync(Inputs.Demo, new { steps = 10, stepMs = 500 })).Uri;
        await client.WaitForStateAsync(running, "running");

        await fill();
        Answer refused = (await client.PutAsync("/operations/demo.steps/refused", Inputs.Quick)).ShouldBeProblem(503);
        Answer largeRefused = (await client.SendAsync(HttpMethod.Post, "/operations/csv.profile", GatewayClient.Body(Inputs.CsvOf(1_000_000), "text/csv"))).ShouldBeProblem(503);
        Answer readiness = await client.GetAsync("/health/ready");
        Answer liveness = await client.GetAsync("/health/live");
        Answer read = await client.GetAsync(before.Text("uri") + "/result");

        int.Parse(refused["Retry-After"]!, CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
        largeRefused["Retry-After"].ShouldNotBeNull();
        Check(readiness.ShouldBe(503), "store").Text("reason")!.ShouldBe("The store cannot be written; the log tells why.");
        liveness.Code.ShouldBe(200);
        read.ShouldBe(200).Text.ShouldBe("\"kept\"");
        (await client.GetAsync("/operations/demo.steps/refused")).ShouldBeProblem(404);

        await free();
        Answer accepted = await client.PutAsync("/operations/demo.steps/refused", Inputs.Quick);
        accepted.ShouldBe(202);
        (await client.WaitForEndAsync(accepted.Uri)).Number("status").ShouldBe(0);
        JsonElement end = await client.WaitForEndAsync(running);
        end.Number("status").ShouldBe(0);
        end.Number("attempt").ShouldBe(1);
        (await client.GetAsync("/health/ready")).ShouldBe(200);
        (await client.GetAsync("/operations")).Json.GetProperty("operations").GetArrayLength().ShouldBe(3);
    }

    private static JsonElement Check(Answer readiness, string name) => readiness.Json.GetProperty("checks").EnumerateArray().Single(check => check.Text("name") == name);

    private static async Task<int> RunAsync(string command, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).Limited();
        return process.ExitCode;
    }
}
