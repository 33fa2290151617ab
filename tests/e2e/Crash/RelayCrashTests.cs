using System.Text.Json;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Crash;

/// <summary>Relayed requests against <c>kill -9</c> of the gateway: what a service has taken goes on, and nothing is sent twice that must not be.</summary>
public sealed class RelayCrashTests : IDisposable
{
    private const int Kills = 3;

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Server_KilledWhilePolling_GoesOnPolling()
    {
        var finish = new Signal();
        await using SlowService service = await SlowService.StartAsync(context => context.Request.Method == "POST"
            ? SlowService.AnswerAsync(context, 202, "", ("Location", "/monitor"), ("Retry-After", "0"))
            : finish.IsSet ? SlowService.AnswerAsync(context, 200, "\"made\"")
            : SlowService.AnswerAsync(context, 202, """{"status": "running", "progress": 10}""", ("Retry-After", "0")));
        await using MortalServer server = Relaying(service);
        await server.StartAsync();
        string path = await SubmitAsync(server, HttpMethod.Post);

        for (int life = 0; life < Kills; life++)
        {
            int seen = service.All.Count;
            while (service.All.Count < seen + 2)
            {
                await service.NextAsync();
            }

            await server.KillAsync();
            await server.StartAsync();
        }

        finish.Set();
        JsonElement final = await server.AskAsync(client => client.WaitForEndAsync(path));
        final.Number("status").ShouldBe(0, final.ToString());
        final.Number("attempt").ShouldBe(Kills + 1);
        (await server.AskAsync(client => client.GetAsync(path + "/result"))).ShouldBe(200).Text.ShouldBe("\"made\"");
        service.All.Count(request => request.Method == "POST").ShouldBe(1);
        await server.StopAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Server_KilledWhileTheServiceReports_TakesItsReportsAfterwards()
    {
        await using SlowService service = await SlowService.StartAsync(context => SlowService.AnswerAsync(context, 202, ""));
        await using MortalServer server = Relaying(service);
        await server.StartAsync();
        string path = await SubmitAsync(server, HttpMethod.Post);
        ServiceRequest request = await service.NextAsync();
        await ReportAsync(server, request, HttpMethod.Patch, """{"progress": 20}""");

        await server.KillAsync();
        await server.StartAsync();
        await ReportAsync(server, request, HttpMethod.Patch, """{"progress": 60}""");
        await server.AskAsync(client => client.WaitAsync(path, status => status.Number("progress") == 60));
        await ReportAsync(server, request, HttpMethod.Post, "[1,2,3]");

        (await server.AskAsync(client => client.WaitForEndAsync(path))).Number("status").ShouldBe(0);
        (await server.AskAsync(client => client.GetAsync(path + "/result"))).ShouldBe(200).Text.ShouldBe("[1,2,3]");
        service.All.Count.ShouldBe(1);
        await server.StopAsync();
    }

    [Theory(Timeout = 120_000)]
    [InlineData("PUT", 0, 2)]
    [InlineData("POST", 502, 1)]
    public async Task Server_KilledWhileTheAnswerIsAwaited_SendsAgainOnlyWhatIsSafe(string method, int status, int times)
    {
        int asked = 0;
        await using SlowService service = await SlowService.StartAsync(context => Interlocked.Increment(ref asked) == 1 ? SlowService.HangAsync(context) : SlowService.AnswerAsync(context, 200, "1"));
        await using MortalServer server = Relaying(service);
        await server.StartAsync();
        string path = await SubmitAsync(server, new HttpMethod(method));
        await service.NextAsync();

        await server.KillAsync();
        await server.StartAsync();

        (await server.AskAsync(client => client.WaitForEndAsync(path))).Number("status").ShouldBe(status);
        asked.ShouldBe(times);
        await server.StopAsync();
    }

    private MortalServer Relaying(SlowService service) =>
        new(_data.Path, "--Relay:Routes:0:Path=/reports/**", "--Relay:Routes:0:Target=" + service.Address, "--Execution:SweepInterval=00:00:00.5");

    private static async Task<string> SubmitAsync(MortalServer server, HttpMethod method) =>
        new Uri((await server.AskAsync(client => client.SendAsync(method, "/reports/1", GatewayClient.Json("{}")))).ShouldBe(202).Uri).AbsolutePath;

    /// <summary>As a service should: what is answered with 503 is reported again.</summary>
    private static async Task ReportAsync(MortalServer server, ServiceRequest request, HttpMethod method, string body)
    {
        string path = new Uri(request.ReportUri).AbsolutePath;
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        long start = TimeProvider.System.GetTimestamp();
        Answer answer;
        while ((answer = await server.AskAsync(client => client.SendAsync(method, path, GatewayClient.Json(body), ("Authorization", "Bearer " + request.ReportToken)))).Code == 503)
        {
            TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(Limits.Limit, answer.Text);
            await pause.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        answer.ShouldBe(204);
    }
}
