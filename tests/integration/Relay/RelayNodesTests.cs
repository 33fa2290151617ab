using System.Text.Json;
using RealtimeOps.IntegrationTests.Nodes;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Relay;

/// <summary>A service reports to whichever node its request reaches, not to the one that waits.</summary>
public sealed class RelayNodesTests
{
    [Fact]
    public async Task Reports_ToAnotherNode_ReachTheOperation()
    {
        await using SlowService service = await SlowService.StartAsync(context => SlowService.AnswerAsync(context, 202, ""));
        await using TwoNodes nodes = await TwoNodes.StartAsync(
            settings: [("Relay:Routes:0:Path", "/reports/**"), ("Relay:Routes:0:Target", service.Address), ("Relay:Routes:0:Silence", "00:00:05"), ("Security:LinkKey", Convert.ToBase64String(new byte[32]))]);
        string path = TwoNodes.Path((await nodes.One.Client.PostAsync("/reports/1", new { })).ShouldBe(202).Uri);
        ServiceRequest request = await service.NextAsync();
        await nodes.Other.Client.WaitForStateAsync(path, "running");

        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(700));
        for (int percent = 10; percent <= 90; percent += 10)
        {
            await beat.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            (await ReportAsync(nodes, request, HttpMethod.Patch, GatewayClient.Json(new { progress = percent, activity = $"At {percent}" })!)).ShouldBe(204);
            (await nodes.One.Client.WaitAsync(path, status => status.Number("progress") == percent && status.Text("activity") == $"At {percent}")).Number("attempt").ShouldBe(1);
            await nodes.Other.Client.WaitAsync(path, status => status.Number("progress") == percent);
        }

        (await ReportAsync(nodes, request, HttpMethod.Post, GatewayClient.Body("made", "text/plain"))).ShouldBe(204);

        foreach (GatewayClient client in (GatewayClient[])[nodes.One.Client, nodes.Other.Client])
        {
            JsonElement final = await client.WaitForEndAsync(path);
            (final.Number("status"), final.Number("attempt")).ShouldBe((0, 1));
            (await client.GetAsync(path + "/result")).ShouldBe(200).Text.ShouldBe("made");
        }
    }

    private static Task<Answer> ReportAsync(TwoNodes nodes, ServiceRequest request, HttpMethod method, HttpContent content) =>
        nodes.Other.Client.SendAsync(method, TwoNodes.Path(request.ReportUri), content, ("Authorization", "Bearer " + request.ReportToken));
}
