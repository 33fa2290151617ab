using System.Text.Json;
using RealtimeOps.Execution;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Waiting;

public sealed class LongPollTests
{
    [Fact]
    public async Task Get_WaitWithoutTag_IsHeldToTheEnd()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        Answer submitted = await server.Client.SubmitAsync(Inputs.Demo, new { steps = 10, stepMs = 30 });

        Answer answer = (await server.Client.GetAsync(submitted.Uri, ("Prefer", "wait=15"))).ShouldBe(200);

        answer["Preference-Applied"].ShouldBe("wait=15");
        answer.Json.Number("progress").ShouldBe(100);
    }

    [Fact]
    public async Task Get_WaitWithoutTag_ReturnsThePresentStatusWhenTheTimeIsOver()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        Answer submitted = await server.Client.SubmitAsync(Inputs.Demo, Inputs.Endless);
        await server.Client.WaitForStateAsync(submitted.Uri, "running");

        Answer answer = (await server.Client.GetAsync(submitted.Uri, ("Prefer", "wait=1"))).ShouldBe(202);

        answer["Retry-After"].ShouldNotBeNull();
        answer.Json.Text("state").ShouldBe("running");
    }

    [Fact]
    public async Task Get_WaitWithTag_IsHeldToTheNextChange()
    {
        var report = new Signal();
        var end = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(script: async (_, context, cancellation) =>
        {
            await report.WaitAsync(cancellation);
            context.Report(40, "Forty.");
            await end.WaitAsync(cancellation);
            return OperationResult.None;
        });
        string uri = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        JsonElement running = await server.Client.WaitForStateAsync(uri, "running");
        string tag = $"W/\"{running.Number("version")}\"";

        (await server.Client.GetAsync(uri, ("Prefer", "wait=1"), ("If-None-Match", tag))).ShouldBe(304)["ETag"].ShouldBe(tag);

        Task<Answer> held = server.Client.GetAsync(uri, ("Prefer", "wait=15"), ("If-None-Match", tag));
        report.Set();
        Answer changed = (await held).ShouldBe(202);
        changed.Json.Number("progress").ShouldBe(40);
        changed.Json.Text("activity").ShouldBe("Forty.");
        changed.Json.Number("version")!.Value.ShouldBeGreaterThan(running.Number("version")!.Value);

        held = server.Client.GetAsync(uri, ("Prefer", "wait=15"), ("If-None-Match", changed["ETag"]!));
        end.Set();
        (await held).ShouldBe(200).Json.Number("progress").ShouldBe(100);
    }

    [Fact]
    public async Task Get_WaitOnAnEndedOne_AnswersAtOnce()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        JsonElement end = await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);

        (await server.Client.GetAsync(end.Text("uri")!, ("Prefer", "wait=60"))).ShouldBe(200);
        (await server.Client.GetAsync(end.Text("uri")!, ("Prefer", "wait=60"), ("If-None-Match", "W/\"1\""))).ShouldBe(200);
        (await server.Client.GetAsync(end.Text("uri")!, ("Prefer", "wait=1"), ("If-None-Match", $"W/\"{end.Number("version")}\""))).ShouldBe(304);
    }

    [Fact]
    public async Task Get_ManyAtOnce_AllAreAnsweredWithTheEnd()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, new { steps = 5, stepMs = 100 })).Uri;

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => server.Client.GetAsync(uri, ("Prefer", "wait=15"))));

        answers.ShouldAllBe(answer => answer.Code == 200);
        answers.Select(answer => answer.Text).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Get_HeldAtShutDown_IsAnswered()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        Answer waiting = await server.Client.SubmitAsync(Inputs.Demo, Inputs.Endless, "?delay=PT1H");
        using var client = new GatewayClient(server.Client.Address);
        Task<Answer> held = client.GetAsync(waiting.Uri, ("Prefer", "wait=60"), ("If-None-Match", $"W/\"{waiting.Json.Number("version") + 1000}\""));
        long start = TimeProvider.System.GetTimestamp();
        while (!(await server.Client.GetAsync(waiting.Uri + "/history")).ShouldBe(200).Text.Contains("longPoll", StringComparison.Ordinal))
        {
            Limits.ThrowIfPast(start);
        }

        await server.StopAsync();

        // Another node may have shown that version: where there are several, there is no news.
        (await held).Code.ShouldBe(TestStore.IsShared ? 304 : 202);
    }
}
