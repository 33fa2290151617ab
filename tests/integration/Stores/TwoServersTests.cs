using System.Text.Json;
using RealtimeOps.Execution;
using RealtimeOps.Operations;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Stores;

/// <summary>Whole servers on one database.</summary>
public sealed class TwoServersTests
{
    [Theory]
    [MemberData(nameof(StoreTests.Shared), MemberType = typeof(StoreTests))]
    public async Task Cancel_AtTheOtherServer_StopsTheHandler(string provider)
    {
        Dictionary<string, string?> settings = await TestStore.NewAsync(provider);
        settings["Execution:Lease"] = "00:00:03";
        var running = new Signal();
        await using GatewayServer first = await GatewayServer.StartAsync(settings, async (_, _, cancellation) =>
        {
            running.Set();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return OperationResult.None;
        });
        await using GatewayServer second = await GatewayServer.StartAsync(settings);
        string path = new Uri((await first.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri).AbsolutePath;
        await running.ReachedAsync();

        (await second.Client.PostAsync(path + "/cancel")).ShouldBe(202);

        (await first.Client.WaitForEndAsync(path)).Text("state").ShouldBe("canceled");
    }

    [Theory]
    [MemberData(nameof(StoreTests.Shared), MemberType = typeof(StoreTests))]
    public async Task Operation_OfAServerThatDied_IsFinishedByAnother(string provider)
    {
        Dictionary<string, string?> settings = await TestStore.NewAsync(provider);
        settings["Execution:SweepInterval"] = "00:00:00.5";
        await using GatewayServer living = await GatewayServer.StartAsync(settings);
        Operation held;
        await using (StoreNode dead = await StoreNode.StartAsync(settings))
        {
            held = (await dead.AcceptAsync(dead.Make("left", owner: "anonymous", type: "test.script"), "{}"u8.ToArray())).Operation.Start(dead.Now, TimeSpan.FromSeconds(2))!;
            (await dead.Operations.UpdateAsync(held, [])).ShouldBeTrue();
        }

        // It has been read while the other held it: what a server remembers is no reason to leave it.
        (await living.Client.GetAsync(held.Key.Path)).Json.Text("state").ShouldBe("running");
        JsonElement end = await living.Client.WaitForEndAsync(held.Key.Path);

        end.Number("status").ShouldBe(0);
        end.Number("attempt").ShouldBe(2);
    }
}
