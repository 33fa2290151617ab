using System.Text.Json;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Nodes;

/// <summary>Three servers over one PostgreSQL; one is killed with <c>kill -9</c> while it runs operations.</summary>
public sealed class KilledNodeTests : IDisposable
{
    private const int Operations = 24;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 240_000)]
    public async Task Server_Killed_LeavesNothingThatTheOthersDoNotEndAndShow()
    {
        await using PostgresServer postgres = await PostgresServer.StartAsync();
        string[] settings =
        [
            "--Storage:Provider=postgres",
            "--ConnectionStrings:RealtimeOps=" + await postgres.NewSchemaAsync(),
            "--Engine=inprocess",
            $"--Execution:Lease={Lease}",
            "--Execution:SweepInterval=00:00:00.5",
            "--Execution:Workers=16",
        ];
        await using GatewayProcess doomed = await StartAsync("0", settings);
        await using GatewayProcess second = await StartAsync("1", settings);
        await using GatewayProcess third = await StartAsync("2", settings);
        string[] paths = [.. (await Task.WhenAll(Enumerable.Range(0, Operations).Select(_ => doomed.Client.SubmitAsync("demo.steps", new { steps = 150, stepMs = 100, result = "done" }))))
            .Select(answer => new Uri(answer.Uri).AbsolutePath)];
        Task<List<JsonElement>>[] watchers = [.. paths.SelectMany(path => new[] { second, third }.Select(node => WatchAsync(node.Client, path)))];
        await Task.WhenAll(paths.Take(8).Select(path => third.Client.WaitAsync(path, status => status.Number("progress") >= 2)));

        await doomed.KillAsync();
        long killed = TimeProvider.System.GetTimestamp();
        List<JsonElement>[] seen = await Task.WhenAll(watchers);

        // The lease, a sweep or two, and the run of all of them anew on a machine that does other things too.
        TimeProvider.System.GetElapsedTime(killed).ShouldBeLessThan(Lease + TimeSpan.FromSeconds(60));
        foreach (List<JsonElement> statuses in seen)
        {
            statuses.Select(status => status.Number("version")).ShouldBeInOrder();
            statuses.Count(status => status.Number("progress") == 100).ShouldBe(1);
            statuses[^1].Number("status").ShouldBe(0);
        }

        seen.Count(statuses => statuses[^1].Number("attempt") == 2).ShouldBePositive("The death found nothing running.");
        foreach (string path in paths)
        {
            JsonElement history = (await second.Client.GetAsync(path + "/history")).ShouldBe(200).Json;
            history.GetProperty("events").EnumerateArray().Count(happened => happened.Text("event") == "ended").ShouldBe(1);
            (await third.Client.GetAsync(path + "/result")).ShouldBe(200).Text.ShouldBe("\"done\"");
        }

        await second.StopAsync();
        await third.StopAsync();
    }

    private Task<GatewayProcess> StartAsync(string name, string[] settings) => GatewayProcess.StartAsync(Repository.Server, _data.Combine(name), settings: settings);

    private static async Task<List<JsonElement>> WatchAsync(GatewayClient client, string path)
    {
        await using EventStream stream = await client.WatchAsync(path);
        return await stream.ToEndAsync();
    }
}
