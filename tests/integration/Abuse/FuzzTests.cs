using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RealtimeOps.Execution;
using RealtimeOps.IntegrationTests.Security;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using RealtimeOps.Watch;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Abuse;

/// <summary>Ten thousand malformed requests at every door; CONTRIBUTING.md tells how to repeat one.</summary>
[Collection(Alone.Name)]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Cases = 10_000;
    private const int CasesBetweenLooks = 500;
    private const long MostMemoryKept = 150_000_000;

    [Fact(Timeout = 600_000)]
    public async Task Doors_TenThousandMalformedRequests_NeverFailNorTell()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(Plantation.Settings, Plantation.Script, logFrom: LogLevel.Trace);
        Dictionary<string, string[]> things = await Plantation.PlantAsync(server);
        FuzzDoor[] doors = FuzzDoor.Of(server.Services.GetRequiredService<EndpointDataSource>());
        var run = new FuzzRun(server.Client.Address, new FuzzGrammar(FuzzSettings.Seed, doors, things), new AnswerJudge(Plantation.Canary));
        long before = GC.GetTotalMemory(forceFullCollection: true);

        foreach (int[] some in FuzzSettings.Cases(Cases).Chunk(CasesBetweenLooks))
        {
            await run.SendAsync(some);
            Look(server, run);
        }

        output.WriteLine($"Seed {FuzzSettings.Seed}: {string.Join(", ", run.Codes.OrderBy(code => code.Key).Select(code => $"{code.Value} × {code.Key}"))}; {run.ClosedUpon.Count} closed upon, {run.Accepted.Count} accepted, {run.Unheard.Count} unheard.");
        FuzzSettings.ShouldBeNone(run.Faults);
        await ShouldBeAsBeforeAsync(server, run);
        Look(server, run);
        FuzzSettings.ShouldBeNone(run.Faults);
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(MostMemoryKept);
    }

    private static void Look(GatewayServer server, FuzzRun run)
    {
        foreach (string fault in LogJudge.FaultsOf(server))
        {
            run.Faults.Enqueue(fault);
        }
    }

    private static async Task ShouldBeAsBeforeAsync(GatewayServer server, FuzzRun run)
    {
        (await server.Client.GetAsync("/health/ready")).ShouldBe(200);
        using GatewayClient root = server.ClientWith(Keys.Of("root"));
        await StopAllAsync(root);
        (await root.RunAsync(Inputs.Demo, Inputs.Quick)).Number("status").ShouldBe(0);
        RunningAttempts attempts = server.Services.GetRequiredService<RunningAttempts>();
        OpenStreams streams = server.Services.GetRequiredService<OpenStreams>();
        using (var limit = new CancellationTokenSource(Limits.Limit))
        {
            while (attempts.Count > 0 || streams.Count > 0)
            {
                limit.IsCancellationRequested.ShouldBeFalse($"{attempts.Count} attempts and {streams.Count} streams are left.");
                await root.GetAsync("/health/live");
            }
        }

        string[] missing = [.. run.Accepted.Keys.Where(path => Database.Scalar(server, Count($"type = '{path.Split('/')[2]}' AND id = '{path.Split('/')[3]}'")) != 1)];
        missing.ShouldBeEmpty("These were accepted and are nowhere.");
        long unheard = Database.Scalar(server, Count("1 = 1")) - run.Accepted.Count - 7;
        unheard.ShouldBeInRange(0, run.Unheard.Count, "Somebody would have been told of all others.");
    }

    /// <summary>Those that are there, and those that were.</summary>
    private static string Count(string where) => $"SELECT count(*) FROM (SELECT type, id FROM operations UNION ALL SELECT type, id FROM tombstones) AS known WHERE {where}";

    /// <summary>What is canceled makes room for what waits, so all states are looked through until none has any.</summary>
    private static async Task StopAllAsync(GatewayClient root)
    {
        int found;
        do
        {
            found = 0;
            foreach (string state in (string[])["retrying", "running", "queued"])
            {
                JsonElement page = (await root.GetAsync($"/operations?pageSize=200&state={state}")).ShouldBe(200).Json.GetProperty("operations");
                found += page.GetArrayLength();
                foreach (JsonElement operation in page.EnumerateArray())
                {
                    (await root.PostAsync($"/operations/{operation.Text("type")}/{operation.Text("id")}/cancel")).Code.ShouldBeOneOf(202, 409, 410);
                }
            }
        }
        while (found > 0);
    }
}
