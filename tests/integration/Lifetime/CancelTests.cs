using System.Text.Json;
using RealtimeOps.Execution;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Lifetime;

public sealed class CancelTests(SharedServer shared) : SharedServerTests(shared)
{
    [Fact]
    public async Task Cancel_Running_IsCancelingUntilTheHandlerHasStopped()
    {
        var asked = new Signal();
        var stop = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(script: async (_, _, cancellation) =>
        {
            await using CancellationTokenRegistration registration = cancellation.Register(asked.Set);
            await stop.ReachedAsync();
            cancellation.ThrowIfCancellationRequested();
            return OperationResult.None;
        });
        string uri = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        await server.Client.WaitForStateAsync(uri, "running");

        Answer canceling = (await server.Client.PostAsync(uri + "/cancel")).ShouldBe(202);
        await asked.ReachedAsync();
        Answer still = (await server.Client.GetAsync(uri)).ShouldBe(202);
        (await server.Client.PostAsync(uri + "/cancel")).ShouldBe(202);
        stop.Set();
        JsonElement end = await server.Client.WaitForEndAsync(uri);

        canceling.Json.Text("state").ShouldBe("canceling");
        still.Json.Text("state").ShouldBe("canceling");
        end.Text("state").ShouldBe("canceled");
        end.Number("status").ShouldBe(499);
        end.Number("progress").ShouldBe(100);
        end.GetProperty("error").Text("detail").ShouldNotBeNull();
    }

    [Fact]
    public async Task Cancel_HandlerFinishesNevertheless_Succeeds()
    {
        var asked = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(script: async (_, _, cancellation) =>
        {
            await using CancellationTokenRegistration registration = cancellation.Register(asked.Set);
            await asked.ReachedAsync();
            return OperationResult.OfJson("done anyway");
        });
        string uri = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        await server.Client.WaitForStateAsync(uri, "running");

        (await server.Client.PostAsync(uri + "/cancel")).ShouldBe(202);

        (await server.Client.WaitForEndAsync(uri)).Text("state").ShouldBe("succeeded");
    }

    [Fact]
    public async Task Cancel_Queued_NeverStarts()
    {
        Answer submitted = await Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?delay=PT1H");

        (await Client.PostAsync(submitted.Uri + "/cancel")).ShouldBe(202);

        JsonElement end = await Client.WaitForEndAsync(submitted.Uri);
        end.Text("state").ShouldBe("canceled");
        end.Number("status").ShouldBe(499);
        end.Number("attempt").ShouldBe(0);
        end.Has("startedAt").ShouldBeFalse();
    }

    [Fact]
    public async Task Cancel_Retrying_IsNotTriedAgain()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Operations:demo.steps:RetryDelays:0"] = "01:00:00" });
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, new { steps = 1, stepMs = 0, failTimes = 1 })).Uri;
        await server.Client.WaitForStateAsync(uri, "retrying");

        (await server.Client.PostAsync(uri + "/cancel")).ShouldBe(202);

        JsonElement end = await server.Client.WaitForEndAsync(uri);
        end.Text("state").ShouldBe("canceled");
        end.Number("attempt").ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"steps":1,"stepMs":0}""")]
    [InlineData("""{"steps":1,"stepMs":0,"failAt":1}""")]
    public async Task Cancel_Ended_Is409AndChangesNothing(string input)
    {
        JsonElement end = await Client.RunAsync(Inputs.Demo, input);
        string uri = end.Text("uri")!;

        (await Client.PostAsync(uri + "/cancel")).ShouldBeProblem(409);

        (await Client.GetAsync(uri)).Text.ShouldBe(end.GetRawText());
    }

    [Fact]
    public async Task Cancel_NotThere_Is404() => (await Client.PostAsync("/operations/demo.steps/nowhere/cancel")).ShouldBeProblem(404);
}
