using System.Text.Json;
using RealtimeOps.Execution;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Execution;

public sealed class ProgressTests
{
    [Theory]
    [InlineData(100, 99)]
    [InlineData(1e9, 99)]
    [InlineData(-5, 0)]
    [InlineData(double.NaN, 0)]
    [InlineData(42.9, 42)]
    public async Task Report_WhateverTheHandlerSays_StaysBetween0And99(double reported, int shown)
    {
        var end = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(script: Reporting(context => context.Report(reported, "said"), end));
        string uri = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;

        JsonElement status = await server.Client.WaitAsync(uri, status => status.Text("activity") == "said");
        end.Set();

        status.Number("progress").ShouldBe(shown);
        (await server.Client.WaitForEndAsync(uri)).Number("progress").ShouldBe(100);
    }

    [Fact]
    public async Task Report_Less_DoesNotFall()
    {
        var end = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(script: Reporting(
            context =>
            {
                context.Report(60, "first");
                context.Report(20, "second");
            },
            end));
        string uri = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;

        JsonElement status = await server.Client.WaitAsync(uri, status => status.Text("activity") == "second");
        end.Set();

        status.Number("progress").ShouldBe(60);
        await server.Client.WaitForEndAsync(uri);
    }

    [Fact]
    public async Task Phases_Weighted_ShareTheWhole()
    {
        var end = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(script: Reporting(
            context =>
            {
                IReadOnlyList<ProgressReporter> phases = context.Phases(1, 3);
                phases[0].Report(100);
                phases[1].Report(50, "in the second");
            },
            end));
        string uri = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;

        JsonElement status = await server.Client.WaitAsync(uri, status => status.Text("activity") == "in the second");
        end.Set();

        status.Number("progress").ShouldBe(62);
        await server.Client.WaitForEndAsync(uri);
    }

    [Fact]
    public async Task Versions_AcrossAttempts_AlwaysRise()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Operations:demo.steps:RetryDelays:0"] = "00:00:00.05" });
        Answer submitted = await server.Client.SubmitAsync(Inputs.Demo, new { steps = 20, stepMs = 5, failTimes = 2 });

        await using EventStream stream = await server.Client.WatchAsync(submitted.Uri);
        List<JsonElement> all = await stream.ToEndAsync();

        all.Zip(all.Skip(1)).ShouldAllBe(pair => pair.First.Number("version") < pair.Second.Number("version") && pair.First.Number("attempt") <= pair.Second.Number("attempt"));
        all.GroupBy(status => status.Number("attempt")).ShouldAllBe(attempt => attempt.Select(status => status.Number("progress")!.Value).SequenceEqual(attempt.Select(status => status.Number("progress")!.Value).Order()));
        all[^1].Number("attempt").ShouldBe(3);
    }

    [Fact]
    public async Task Versions_AcrossARestart_Rise()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(script: Scripts.EndsTheSecondTime);
        string uri = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        JsonElement before = await server.Client.WaitAsync(uri, status => status.Number("progress") >= 5);

        await server.RestartAsync();

        JsonElement after = await server.Client.WaitAsync(uri, status => status.Number("attempt") == 2);
        after.Number("version")!.Value.ShouldBeGreaterThan(before.Number("version")!.Value);
        (await server.Client.WaitForEndAsync(uri)).Number("status").ShouldBe(0);
    }

    [Fact]
    public async Task Report_OneHandlerWithoutPause_SlowsNoOther()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        string flood = (await server.Client.SubmitAsync(Inputs.Demo, new { steps = int.MaxValue, stepMs = 0 })).Uri;
        await server.Client.WaitForStateAsync(flood, "running");

        await server.Client.RunAsync(Inputs.Demo, new { steps = 100, stepMs = 5 });

        (await server.Client.GetAsync(flood)).Json.Text("state").ShouldBe("running");
        (await server.Client.PostAsync(flood + "/cancel")).ShouldBe(202);
        (await server.Client.WaitForEndAsync(flood)).Text("state").ShouldBe("canceled");
    }

    private static Script Reporting(Action<OperationContext> report, Signal end) => async (_, context, cancellation) =>
    {
        report(context);
        await end.WaitAsync(cancellation);
        return OperationResult.None;
    };
}
