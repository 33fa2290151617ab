using Microsoft.Extensions.DependencyInjection;
using RealtimeOps.Hosting;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Refusals;

/// <summary>When memory runs short nothing new is taken, and all that was goes on.</summary>
public sealed class MemoryGuardTests
{
    [Fact]
    public async Task LowMemory_NewSubmissionsAndStreams_Are503_AndTheRestGoesOn()
    {
        var memory = new Memory { UsedShare = 0.5 };
        await using GatewayServer server = await GatewayServer.StartAsync(services: services => services.AddSingleton<IMemoryReading>(memory));
        Answer running = (await server.Client.PutAsync("/operations/demo.steps/running", Inputs.Endless)).ShouldBe(202);
        await using EventStream open = await server.Client.WatchAsync(running.Uri);

        memory.UsedShare = 0.9;
        await UntilAsync(async () => (await server.Client.PostAsync("/operations/demo.steps", Inputs.Quick)).Code == 503);

        (await server.Client.PostAsync("/operations/demo.steps", Inputs.Quick)).ShouldBeProblem(503, "memory-low")["Retry-After"].ShouldBe("5");
        (await server.Client.GetAsync(running.Uri, ("Accept", "text/event-stream"))).ShouldBeProblem(503, "memory-low");
        using HubClient hub = await HubClient.ConnectAsync(server.Client.Address);
        await hub.StreamAsync("Follow", null, null);
        (await Should.ThrowAsync<InvalidOperationException>(hub.NextItemAsync)).Message.ShouldContain("urn:realtimeops:memory-low");
        (await server.Client.PutAsync("/operations/demo.steps/running", Inputs.Endless)).ShouldBe(202);
        (await server.Client.PutAsync("/operations/demo.steps/running", Inputs.Endless, ("Accept", "text/event-stream"))).ShouldBe(202)["Content-Type"]!.ShouldContain("json");
        (await server.Client.GetAsync(running.Uri)).ShouldBe(202);
        (await server.Client.GetAsync(running.Uri, ("Prefer", "wait=1"))).ShouldBe(202);
        (await server.Client.GetAsync("/health/ready")).ShouldBe(200).Text.ShouldContain("""{"name":"memory","status":"degraded","reason":"Memory runs short; new submissions and streams are refused."}""");
        (await server.Client.PostAsync(running.Uri + "/cancel")).ShouldBe(202);
        (await open.ToEndAsync())[^1].Text("state").ShouldBe("canceled");

        memory.UsedShare = 0.7;
        await UntilAsync(async () => (await server.Client.PostAsync("/operations/demo.steps", Inputs.Quick)).Code == 202);
        server.TakeLog().Count(line => line.Contains("Memory runs short, ", StringComparison.Ordinal) || line.Contains("There is memory again", StringComparison.Ordinal)).ShouldBe(2);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(Limits.Limit);
        while (!await isSo())
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    private sealed class Memory : IMemoryReading
    {
        private double _usedShare;

        public double UsedShare
        {
            get => Volatile.Read(ref _usedShare);
            set => Volatile.Write(ref _usedShare, value);
        }

        public void Reclaim()
        {
        }
    }
}
