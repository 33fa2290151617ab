using System.Text.Json;
using RealtimeOps.Execution;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Execution;

public sealed class RetryTests
{
    [Fact]
    public async Task Attempt_FailsTwice_IsRetriedAfterItsDelaysAndSucceeds()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new()
        {
            ["Operations:demo.steps:RetryDelays:0"] = "00:00:00.2",
            ["Operations:demo.steps:RetryDelays:1"] = "00:00:00.6",
        });
        Answer submitted = await server.Client.SubmitAsync(Inputs.Demo, new { steps = 1, stepMs = 0, failTimes = 2 });

        JsonElement end = await server.Client.WaitForEndAsync(submitted.Uri);

        end.Number("status").ShouldBe(0);
        end.Number("attempt").ShouldBe(3);
        DateTimeOffset[] starts = await TimesAsync(server, submitted.Uri, "started");
        DateTimeOffset[] failures = await TimesAsync(server, submitted.Uri, "attemptFailed");
        (starts[1] - failures[0]).TotalSeconds.ShouldBeInRange(0.17, 40);
        (starts[2] - failures[1]).TotalSeconds.ShouldBeInRange(0.53, 40);
    }

    [Fact]
    public async Task Attempt_Failed_IsRetryingBetweenAttempts()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Operations:demo.steps:RetryDelays:0"] = "00:10:00" });
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, new { steps = 4, stepMs = 5, failTimes = 1 })).Uri;

        JsonElement retrying = await server.Client.WaitForStateAsync(uri, "retrying");

        retrying.Number("progress")!.Value.ShouldBeInRange(0, 99);
        retrying.Number("attempt").ShouldBe(1);
        retrying.Has("status").ShouldBeFalse();
        retrying.Has("endedAt").ShouldBeFalse();
    }

    [Fact]
    public async Task Attempts_Exhausted_FailWithTheHandlersCode()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Operations:demo.steps:Retries"] = "2", ["Operations:demo.steps:RetryDelays:0"] = "00:00:00.01" });

        JsonElement end = await server.Client.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, failTimes = 99, failStatus = 55 });

        end.Text("state").ShouldBe("failed");
        end.Number("status").ShouldBe(55);
        end.Number("attempt").ShouldBe(3);
    }

    [Fact]
    public async Task Attempt_UnhandledException_IsRetriedAndEndsWith500AndNoDetails()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(
            new() { ["Operations:test.script:Retries"] = "1", ["Operations:test.script:RetryDelays:0"] = "00:00:00.01" },
            (_, _, _) => throw new InvalidOperationException("secret inside"));

        JsonElement end = await server.Client.RunAsync(Inputs.Script, Inputs.Empty);

        end.Number("status").ShouldBe(500);
        end.Number("attempt").ShouldBe(2);
        end.GetRawText().ShouldNotContain("secret inside");
        (await server.Client.GetAsync(end.Text("uri") + "/result")).ShouldBeProblem(422).Text.ShouldNotContain("secret inside");
        (await server.Client.GetAsync(end.Text("uri") + "/history")).Text.ShouldNotContain("secret inside");
    }

    [Fact]
    public async Task Attempt_FailsForGood_IsNotRetried()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();

        JsonElement end = await server.Client.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, failAt = 1, failTimes = 5 });

        end.Text("state").ShouldBe("failed");
        end.Number("attempt").ShouldBe(1);
    }

    [Fact]
    public async Task Attempt_OverItsTimeLimit_FailsWith504()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Operations:demo.steps:Timeout"] = "00:00:00.3" });

        JsonElement end = await server.Client.RunAsync(Inputs.Demo, Inputs.Endless);

        end.Text("state").ShouldBe("failed");
        end.Number("status").ShouldBe(504);
    }

    [Fact]
    public async Task Attempt_OverItsTimeLimitAndDeafToIt_FailsWith504Nevertheless()
    {
        var release = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(
            new() { ["Operations:test.script:Timeout"] = "00:00:00.2", ["Execution:StopGrace"] = "00:00:00.2" },
            async (_, _, _) =>
            {
                await release.ReachedAsync();
                return OperationResult.OfJson("too late");
            });

        JsonElement end = await server.Client.RunAsync(Inputs.Script, Inputs.Empty);
        release.Set();

        end.Number("status").ShouldBe(504);
        (await server.Client.GetAsync(end.Text("uri")!)).Text.ShouldBe(end.GetRawText());
    }

    private static async Task<DateTimeOffset[]> TimesAsync(GatewayServer server, string uri, string name) =>
        [.. (await server.Client.GetAsync(uri + "/history")).Json.GetProperty("events").EnumerateArray().Where(e => e.Text("event") == name).Select(e => e.Instant("at")!.Value)];
}
