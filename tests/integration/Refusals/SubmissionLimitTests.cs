using System.Text.Json;
using RealtimeOps.Execution;
using RealtimeOps.IntegrationTests.Security;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Refusals;

/// <summary>How often a caller submits, and how much of a caller's waits.</summary>
public sealed class SubmissionLimitTests
{
    [Fact]
    public async Task Submit_FasterThanAllowed_Is429AndSaysSo_AndWhatWasAcceptedMayBeRepeated()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Limits:SubmissionsPerSecond"] = "5" });
        Answer first = (await server.Client.PutAsync("/operations/demo.steps/first", Inputs.Quick)).ShouldBe(202);
        first["RateLimit-Policy"].ShouldBe("\"submit\";q=5;w=1");
        first["RateLimit"]!.ShouldMatch("^\"submit\";r=[0-4];t=1$");
        await server.Client.PostAsync("/operations/demo.steps", Inputs.Quick, ("Idempotency-Key", "\"mine\""));
        (await server.Client.PostAsync("/operations/demo.steps", """{"steps":"many"}""")).ShouldBe(400)["RateLimit"]!.ShouldMatch("^\"submit\";r=[0-4];t=1$");

        Answer refused = await RefusedAsync(server.Client);

        refused.ShouldBeProblem(429, "submission-rate");
        refused["Retry-After"].ShouldBe("1");
        refused["RateLimit"].ShouldBe("\"submit\";r=0;t=1");
        refused.Json.Text("detail")!.ShouldContain("5 operations a second");
        (await server.Client.PutAsync("/operations/demo.steps/first", Inputs.Quick)).Code.ShouldBeOneOf(200, 202);
        (await RefusedAsync(server.Client)).ShouldBe(429);
        (await server.Client.PostAsync("/operations/demo.steps", Inputs.Quick, ("Idempotency-Key", "\"mine\""))).Code.ShouldBeOneOf(200, 202);
        (await server.Client.GetAsync("/operations/demo.steps/first")).Code.ShouldBeOneOf(200, 202);
    }

    [Fact]
    public async Task Submit_OfOneCallerTooFast_LeavesTheOtherAlone()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new Keys().With("fast", "submit").With("slow", "submit").And("Limits:SubmissionsPerSecond", "2").Settings());
        using GatewayClient fast = server.ClientWith(Keys.Of("fast"));
        using GatewayClient slow = server.ClientWith(Keys.Of("slow"));

        await RefusedAsync(fast);

        (await slow.PostAsync("/operations/demo.steps", Inputs.Quick)).ShouldBe(202);
    }

    [Fact]
    public async Task Submit_WithCredentialsAndNoSettings_HasLimits_AndZeroTakesThemAway()
    {
        Keys keys = new Keys().With("a", "submit read");
        await using GatewayServer limited = await GatewayServer.StartAsync(keys.Settings());
        using GatewayClient client = limited.ClientWith(Keys.Of("a"));
        (await client.PostAsync("/operations/demo.steps", Inputs.Quick))["RateLimit-Policy"].ShouldBe("\"submit\";q=5000;w=1");

        await using GatewayServer unlimited = await GatewayServer.StartAsync(keys.And("Limits:SubmissionsPerSecond", "0").Settings());
        using GatewayClient free = unlimited.ClientWith(Keys.Of("a"));
        (await free.PostAsync("/operations/demo.steps", Inputs.Quick)).ShouldBe(202)["RateLimit-Policy"].ShouldBeNull();
    }

    [Fact]
    public async Task Submit_WithAsMuchWaitingAsMay_Is429UntilSomethingLeaves_AndAfterARestartToo()
    {
        var release = new Signal();
        var running = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(
            new() { ["Limits:QueuedPerCaller"] = "3", ["Operations:test.script:Concurrency"] = "1" },
            async (_, _, cancellation) =>
            {
                running.Set();
                await release.WaitAsync(cancellation);
                return OperationResult.None;
            });
        await server.Client.PutAsync("/operations/test.script/running", Inputs.Empty);
        await running.ReachedAsync();
        foreach (string id in (string[])["a", "b", "c"])
        {
            (await server.Client.PutAsync("/operations/test.script/" + id, Inputs.Empty, ("Prefer", "respond-async"))).ShouldBe(202);
        }

        Answer refused = (await server.Client.PutAsync("/operations/test.script/d", Inputs.Empty)).ShouldBeProblem(429, "queue-full");
        refused["Retry-After"].ShouldBe("5");
        refused.Json.Number("limit").ShouldBe(3);
        (await server.Client.GetAsync("/operations/test.script/d")).ShouldBe(404);
        (await server.Client.PutAsync("/operations/test.script/b", Inputs.Empty)).ShouldBe(202);

        await server.RestartAsync();
        (await server.Client.PutAsync("/operations/test.script/d", Inputs.Empty)).ShouldBeProblem(429, "queue-full");
        await server.Client.PostAsync("/operations/test.script/b/cancel");
        // The one that ran is in the queue again, or not any more.
        await server.Client.PostAsync("/operations/test.script/c/cancel");
        (await server.Client.PutAsync("/operations/test.script/d", Inputs.Empty)).ShouldBe(202);

        release.Set();
        (await server.Client.WaitForEndAsync("/operations/test.script/d")).Number("status").ShouldBe(0);
        for (int i = 0; i < 20; i++)
        {
            JsonElement end = await server.Client.RunAsync(Inputs.Script, Inputs.Empty);
            end.Number("status").ShouldBe(0);
        }
    }

    [Fact]
    public async Task Submit_WithAsMuchWaitingAsMay_LetsRetriesAndResubmissionsCountToo()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Limits:QueuedPerCaller"] = "1" });
        JsonElement ended = await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);
        await server.Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?delay=PT1H");

        (await server.Client.PostAsync(ended.Text("uri") + "/resubmit")).ShouldBeProblem(429, "queue-full");
        (await server.Client.DeleteAsync(ended.Text("uri")!)).ShouldBe(204);
        (await server.Client.PutAsync(ended.Text("uri")!, Inputs.Quick)).ShouldBeProblem(429, "queue-full");
    }

    /// <summary>Submits until it is refused, which a busy machine may put off.</summary>
    private static async Task<Answer> RefusedAsync(GatewayClient client)
    {
        for (int i = 0; ; i++)
        {
            i.ShouldBeLessThan(1000);
            Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.PostAsync("/operations/demo.steps", Inputs.Quick)));
            if (answers.FirstOrDefault(answer => answer.Code != 202) is { } refused)
            {
                return refused;
            }
        }
    }
}
