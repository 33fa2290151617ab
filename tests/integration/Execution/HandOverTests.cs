using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RealtimeOps.Execution;
using RealtimeOps.Feed;
using RealtimeOps.Operations;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Execution;

/// <summary>How one attempt follows another: checkpoints, shut-downs, lost holds.</summary>
public sealed class HandOverTests
{
    private sealed record Place(int Line);

    [Fact]
    public async Task Checkpoint_Saved_IsHandedToTheNextAttempt()
    {
        var read = new List<Place?>();
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Operations:test.script:RetryDelays:0"] = "00:00:00.01" }, async (_, context, _) =>
        {
            read.Add(context.ReadCheckpoint<Place>());
            await context.SaveCheckpointAsync(new Place(context.Attempt * 10));
            return context.Attempt < 3 ? throw new OperationFailedException(1, "Again.", retry: true) : OperationResult.None;
        });

        JsonElement end = await server.Client.RunAsync(Inputs.Script, Inputs.Empty);

        end.Number("attempt").ShouldBe(3);
        read.ShouldBe([null, new Place(10), new Place(20)]);
    }

    [Fact]
    public async Task ShutDown_Running_PutsItBackAndTheNextStartFinishesItFromItsCheckpoint()
    {
        var saved = new Signal();
        Place? read = null;
        await using GatewayServer server = await GatewayServer.StartAsync(script: async (_, context, cancellation) =>
        {
            if (context.Attempt == 1)
            {
                await context.SaveCheckpointAsync(new Place(7));
                saved.Set();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            }

            read = context.ReadCheckpoint<Place>();
            return OperationResult.OfJson("finished");
        });
        string uri = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        await saved.ReachedAsync();

        await server.StopAsync();
        Database.Scalar(server, "SELECT state FROM operations").ShouldBe((int)OperationState.Queued);
        await server.StartAgainAsync();

        JsonElement end = await server.Client.WaitForEndAsync(uri);
        end.Number("status").ShouldBe(0);
        end.Number("attempt").ShouldBe(2);
        end.Text("uri").ShouldBe(uri);
        read.ShouldBe(new Place(7));
    }

    [Fact]
    public async Task ShutDown_HandlerDeafToIt_IsNotWaitedForBeyondItsGraceAndFinishedAfterTheNextStart()
    {
        var running = new Signal();
        var release = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Execution:StopGrace"] = "00:00:00.5" }, async (_, context, _) =>
        {
            if (context.Attempt == 1)
            {
                running.Set();
                await release.ReachedAsync();
            }

            return OperationResult.OfJson(context.Attempt);
        });
        string uri = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        await running.ReachedAsync();
        long start = TimeProvider.System.GetTimestamp();

        await server.StopAsync();

        TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(20));
        await server.StartAgainAsync();
        (await server.Client.WaitForEndAsync(uri)).Number("attempt").ShouldBe(2);
        release.Set();
        (await server.Client.GetAsync(uri + "/result")).Text.ShouldBe("2");
    }

    [Fact]
    public async Task ShutDown_Delayed_IsStartedAfterTheNextStart()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Execution:SweepInterval"] = "00:00:00.2" });
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?delay=PT2S")).Uri;

        await server.RestartAsync();

        JsonElement end = await server.Client.WaitForEndAsync(uri);
        (end.Instant("startedAt") - end.Instant("createdAt"))!.Value.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Attempt_ThatLostItsHold_IsRefused()
    {
        var first = new Signal();
        var release = new Signal();
        var refusal = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using GatewayServer server = await GatewayServer.StartAsync(script: async (_, context, _) =>
        {
            if (context.Attempt == 1)
            {
                first.Set();
                await release.ReachedAsync();
                context.Report(77, "from the grave");
                refusal.SetResult(await Record.ExceptionAsync(() => context.SaveCheckpointAsync(new Place(1))));
            }

            return OperationResult.OfJson(context.Attempt);
        });
        Answer submitted = await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty);
        await first.ReachedAsync();

        // What another node does when the lease has lapsed.
        var feed = server.Services.GetRequiredService<OperationFeed>();
        LiveOperation live = (await feed.FindAsync(new OperationKey(Inputs.Script, submitted.Json.Text("id")!), TestContext.Current.CancellationToken))!;
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        (await feed.ChangeAsync(live, operation => operation.GiveBack(1, now, now), _ => [])).ShouldNotBeNull();
        server.Services.GetRequiredService<IExecutionEngine>().Enqueue(WaitingOperation.Of(live.Durable) with { DueAt = now });
        release.Set();

        JsonElement end = await server.Client.WaitForEndAsync(submitted.Uri);
        end.Number("attempt").ShouldBe(2);
        end.Has("activity").ShouldBeFalse();
        (await server.Client.GetAsync(submitted.Uri + "/result")).Text.ShouldBe("2");
        (await refusal.Task.Limited()).ShouldBeOfType<OperationCanceledException>();
    }
}
