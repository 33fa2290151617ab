using System.Net.ServerSentEvents;
using System.Text.Json;
using RealtimeOps.Execution;
using RealtimeOps.IntegrationTests.Feeds;
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
            held = (await dead.AcceptAsync(dead.Make("left", owner: "anonymous", type: "test.script"), "{}"u8.ToArray())).Operation.Start(dead.Now, TimeSpan.FromSeconds(8))!;
            (await dead.Operations.UpdateAsync(held, [])).ShouldBeTrue();
        }

        // It has been read while the other held it: what a server remembers is no reason to leave it.
        (await living.Client.GetAsync(held.Key.Path)).Json.Text("state").ShouldBe("running");
        JsonElement end = await living.Client.WaitForEndAsync(held.Key.Path);

        end.Number("status").ShouldBe(0);
        end.Number("attempt").ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(StoreTests.Shared), MemberType = typeof(StoreTests))]
    public async Task Feed_AtTheOtherServer_TellsOfSubmissionEndAndRemoval(string provider)
    {
        Dictionary<string, string?> settings = await TestStore.NewAsync(provider);
        await using GatewayServer first = await GatewayServer.StartAsync(settings);
        await using GatewayServer second = await GatewayServer.StartAsync(settings);
        await HearsAsync(second);
        await using EventStream feed = await second.Client.FollowAsync("/operations");
        await feed.ToReadyAsync();

        Answer submitted = await first.Client.SubmitAsync(Inputs.Script, Inputs.Empty);
        await feed.ToAsync(status => status.Text("uri") == submitted.Uri && status.Number("progress") == 100);
        (await first.Client.DeleteAsync(submitted.Uri)).ShouldBe(204);

        // Other tests may use the same database.
        SseItem<string> change;
        do
        {
            change = await feed.NextChangeAsync();
            change.EventType.ShouldNotBe("reset");
        }
        while (change.EventType != "gone" || change.Uri() != submitted.Uri);
    }

    [Theory]
    [MemberData(nameof(StoreTests.Shared), MemberType = typeof(StoreTests))]
    public async Task Mailbox_AtTheOtherServer_WakesWhoWaits(string provider)
    {
        Dictionary<string, string?> settings = await TestStore.NewAsync(provider);
        await using GatewayServer first = await GatewayServer.StartAsync(settings);
        await using GatewayServer second = await GatewayServer.StartAsync(settings);
        await HearsAsync(second);
        string mailbox = "post-" + Guid.NewGuid();
        Task<Answer> waiting = second.Client.GetAsync("/mailboxes/" + mailbox, ("Prefer", "wait=15"));

        await first.Client.SubmitAsync(Inputs.Script, new { webhook = "mailbox:" + mailbox });

        (await waiting).ShouldBe(200).Json.GetProperty("messages").GetArrayLength().ShouldBe(1);
    }

    private static async Task HearsAsync(GatewayServer server)
    {
        using var limit = new CancellationTokenSource(Limits.Limit);
        while ((await server.Client.GetAsync("/health/ready")).Text is var health && health.Contains("not heard", StringComparison.Ordinal))
        {
            limit.IsCancellationRequested.ShouldBeFalse(health);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
