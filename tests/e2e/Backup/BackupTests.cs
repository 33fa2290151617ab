using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Backup;

/// <summary>What docs/operating.md says of backups: one is made while the server works, and another server goes on from it.</summary>
public sealed class BackupTests(ITestOutputHelper output) : IDisposable
{
    private const int Clients = 4;
    private const int Before = 120;

    private readonly TemporaryFolder _folders = new();

    public void Dispose() => _folders.Dispose();

    [Fact(Timeout = 180_000)]
    public async Task Backup_OfAServerUnderLoad_HasAllThatWasAccepted_AndAServerGoesOnFromIt()
    {
        (await Repository.ReadAsync("docs/operating.md", TestContext.Current.CancellationToken)).ShouldContain("dotnet run --project src/Api -- --backup ");
        string data = _folders.Combine("data"), backup = _folders.Combine("backup");
        var accepted = new ConcurrentDictionary<string, byte[]>();
        Dictionary<string, byte[]> first;
        string waiting;
        await using (GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, data))
        {
            waiting = (await server.Client.SubmitAsync("demo.steps", new { steps = 1, stepMs = 0 }, "?delay=PT20S")).Uri;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task load = Task.WhenAll(Enumerable.Range(0, Clients).Select(client => SubmitAsync(server.Client, client, accepted, enough, stop.Token)));
            await Task.WhenAny(enough.Task, load).Limited();
            first = new(accepted);

            (int code, string said) = await BackUpAsync(backup, data);
            code.ShouldBe(0, said);
            said.ShouldContain(backup);

            await stop.CancelAsync();
            await load;
            output.WriteLine($"{first.Count} operations were accepted before the backup began, {accepted.Count} when it was over.");
            accepted.Count.ShouldBeGreaterThan(first.Count, "Nothing was submitted while the backup was made.");
            await server.KillAsync();
        }

        (await File.ReadAllTextAsync(Path.Combine(backup, "webhook-secret"), TestContext.Current.CancellationToken)).ShouldBe(await File.ReadAllTextAsync(Path.Combine(data, "webhook-secret"), TestContext.Current.CancellationToken));
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path.Combine(backup, "webhook-secret")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await using GatewayProcess restored = await GatewayProcess.StartAsync(Repository.Server, backup);
        foreach ((string path, byte[] input) in first)
        {
            (await restored.Client.WaitForEndAsync(path)).Number("status").ShouldBe(0, path);
            (await restored.Client.GetAsync(path + "/input")).ShouldBe(200).Body.ShouldBe(input);
        }

        (await restored.Client.WaitForEndAsync(new Uri(waiting).AbsolutePath)).Number("status").ShouldBe(0);
        await foreach (JsonElement operation in ListAsync(restored.Client))
        {
            // Whatever else is in it is whole too.
            string path = new Uri(operation.Text("uri")!).AbsolutePath;
            await restored.Client.WaitForEndAsync(path);
            (await restored.Client.GetAsync(path + "/input")).ShouldBe(200);
        }

        await restored.StopAsync();
    }

    [Fact(Timeout = 180_000)]
    public async Task Backup_IntoAFolderThatIsThere_IsRefused()
    {
        string data = _folders.Combine("data"), backup = _folders.Combine("backup");
        (await BackUpAsync(backup, data)).Output.ShouldContain("no store");
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, data);
        (await BackUpAsync(backup, data)).Code.ShouldBe(0);

        (int code, string said) = await BackUpAsync(backup, data);

        code.ShouldBe(1);
        said.ShouldContain("is there already");
        await server.StopAsync();
    }

    /// <summary>One client: small inputs, and some that are kept in files.</summary>
    private static async Task SubmitAsync(GatewayClient client, int number, ConcurrentDictionary<string, byte[]> accepted, TaskCompletionSource enough, CancellationToken stop)
    {
        for (int count = 0; !stop.IsCancellationRequested; count++)
        {
            bool large = count % 10 == 3;
            byte[] input = large ? GeneratedCsvOf(number, count) : JsonSerializer.SerializeToUtf8Bytes(new { steps = count % 7, stepMs = 5 });
            string path = $"/operations/{(large ? "csv.profile" : "demo.steps")}/c{number}-{count}";
            (await client.SendAsync(HttpMethod.Put, path, GatewayClient.Body(input, large ? "text/csv" : "application/json"))).ShouldBe(202);
            accepted[path] = input;
            if (accepted.Count == Before)
            {
                enough.TrySetResult();
            }

            if (enough.Task.IsCompleted)
            {
                // Some more while the backup is made, and not so many that the rest of the test drowns in them.
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Above the 256 KiB that a row holds.</summary>
    private static byte[] GeneratedCsvOf(int client, int count) =>
        System.Text.Encoding.ASCII.GetBytes("id,name\n" + string.Concat(Enumerable.Range(0, 20_000).Select(row => FormattableString.Invariant($"{row},client {client} file {count}\n"))));

    private static async IAsyncEnumerable<JsonElement> ListAsync(GatewayClient client)
    {
        string token = "";
        do
        {
            Answer page = (await client.GetAsync("/operations?pageSize=200" + token)).ShouldBe(200);
            foreach (JsonElement operation in page.Json.GetProperty("operations").EnumerateArray())
            {
                yield return operation;
            }

            token = page.Json.Text("nextPageToken") is { } next ? "&pageToken=" + Uri.EscapeDataString(next) : "";
        }
        while (token.Length > 0);
    }

    private static async Task<(int Code, string Output)> BackUpAsync(string backup, string data)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", ["exec", Repository.Server, "--backup", backup, "--Data:Path", data])
        {
            WorkingDirectory = Path.GetDirectoryName(Repository.Server),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).Limited();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).Limited();
        return (process.ExitCode, output + await errors);
    }
}
