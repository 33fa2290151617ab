using RealtimeOps.Client;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Client;

/// <summary>The client against a server that says "later".</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task Submit_FasterThanAllowed_WaitsAndGetsAllIn()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Limits:SubmissionsPerSecond"] = "4" });
        RealtimeOpsClient client = server.NewClient();

        OperationHandle[] operations = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.SubmitAsync(Inputs.Demo, Inputs.Quick, cancellationToken: TestContext.Current.CancellationToken))).Limited();

        operations.Select(operation => operation.Uri).Distinct().Count().ShouldBe(10);
    }

    [Fact]
    public async Task Watch_WithNoPlaceForAStream_Polls()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Limits:StreamsPerCaller"] = "1" });
        await using EventStream held = await server.Client.WatchAsync("/operations");
        OperationHandle operation = await server.NewClient().SubmitAsync(Inputs.Demo, new { steps = 3, stepMs = 300 }, cancellationToken: TestContext.Current.CancellationToken);

        List<OperationStatus> seen = await operation.WatchAsync(cancellationToken: TestContext.Current.CancellationToken).ToListAsync();

        seen[^1].State.ShouldBe(OperationState.Succeeded);
    }
}
