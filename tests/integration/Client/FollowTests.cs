using System.Net;
using RealtimeOps.Client;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Client;

public sealed class FollowTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Follow_FromNothing_TellsWhatIsThereThenReadyThenWhatChanges()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        RealtimeOpsClient client = server.NewClient();
        OperationHandle running = await client.SubmitAsync(Inputs.Demo, Inputs.Endless, cancellationToken: Cancellation);
        await using IAsyncEnumerator<FeedEvent> feed = client.FollowAsync(cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);

        List<FeedEvent> start = await feed.ReadUntilAsync(told => told is FeedReady);
        await running.CancelAsync(Cancellation);
        await feed.ReadUntilAsync(told => told is FeedStatus { Status.State: OperationState.Canceled });
        await client.DeleteAsync(running.Uri, Cancellation);
        List<FeedEvent> end = await feed.ReadUntilAsync(told => told is FeedGone);

        start.OfType<FeedStatus>().Select(told => told.Status.Uri).Distinct().ShouldBe([running.Uri]);
        end[^1].ShouldBeOfType<FeedGone>().Uri.ShouldBe(running.Uri);
    }

    [Fact]
    public async Task Follow_WithAFilter_TellsOfNothingElse()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        RealtimeOpsClient client = server.NewClient();
        var tags = new Dictionary<string, string> { ["team"] = "maps" };
        OperationHandle wanted = await client.SubmitAsync(Inputs.Demo, Inputs.Endless, new SubmitOptions { Tags = tags }, Cancellation);
        await client.SubmitAsync(Inputs.Demo, Inputs.Endless, cancellationToken: Cancellation);
        await using IAsyncEnumerator<FeedEvent> feed = client.FollowAsync(new OperationFilter { Type = Inputs.Demo, Tags = tags }, cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);

        List<FeedEvent> start = await feed.ReadUntilAsync(told => told is FeedReady);

        start.OfType<FeedStatus>().Select(told => told.Status.Uri).Distinct().ShouldBe([wanted.Uri]);
    }

    [Fact]
    public async Task Follow_FromAPosition_TellsWhatWasMissed()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        RealtimeOpsClient client = server.NewClient();
        string position = await PositionAsync(client);
        OperationHandle missed = await client.SubmitAsync(Inputs.Demo, Inputs.Quick, new SubmitOptions { Wait = TimeSpan.FromSeconds(30) }, Cancellation);

        await using IAsyncEnumerator<FeedEvent> feed = client.FollowAsync(position: position, cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        List<FeedEvent> told = await feed.ReadUntilAsync(change => change is FeedReady);

        told.ShouldNotContain(change => change is FeedReset);
        told.OfType<FeedStatus>().ShouldContain(change => change.Status.Uri == missed.Uri && change.Status.IsFinal);
    }

    [Fact]
    public async Task Follow_FromAnUnknownPosition_IsResetFirst()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        RealtimeOpsClient client = server.NewClient();

        await using IAsyncEnumerator<FeedEvent> feed = client.FollowAsync(position: "nowhere", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);

        (await feed.ReadUntilAsync(change => change is FeedReady))[0].ShouldBeOfType<FeedReset>();
    }

    [Fact]
    public async Task Follow_ServerRestarted_MissesNoEnd()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        RealtimeOpsClient client = server.NewClient();
        OperationHandle running = await client.SubmitAsync(Inputs.Demo, new { steps = 20, stepMs = 100 }, cancellationToken: Cancellation);
        await using IAsyncEnumerator<FeedEvent> feed = client.FollowAsync(cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        await feed.ReadUntilAsync(told => told is FeedReady);

        await server.RestartAsync();

        List<FeedEvent> rest = await feed.ReadUntilAsync(told => told is FeedReady);
        if (!rest.Exists(IsEnd))
        {
            rest = await feed.ReadUntilAsync(IsEnd);
        }

        ((FeedStatus)rest.Find(IsEnd)!).Status.Uri.ShouldBe(running.Uri);
    }

    [Fact]
    public async Task Follow_UnknownType_IsRefused()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        await using IAsyncEnumerator<FeedEvent> feed = server.NewClient().FollowAsync(new OperationFilter { Type = "no.such" }, cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);

        (await Should.ThrowAsync<ProblemException>(() => feed.ReadUntilAsync(_ => true))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static bool IsEnd(FeedEvent told) => told is FeedStatus { Status.IsFinal: true };

    private static async Task<string> PositionAsync(RealtimeOpsClient client)
    {
        await using IAsyncEnumerator<FeedEvent> feed = client.FollowAsync(cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        return (await feed.ReadUntilAsync(told => told is FeedReady))[^1].Position.ShouldNotBeNull();
    }
}
