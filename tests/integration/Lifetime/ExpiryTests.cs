using System.Text.Json;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Lifetime;

public sealed class ExpiryTests
{
    [Fact]
    public async Task Get_Expired_Is410ForAtLeastAnHourThen404()
    {
        var time = new ShiftedTime();
        await using GatewayServer server = await GatewayServer.StartAsync(time: time);
        string uri = (await server.Client.RunAsync(Inputs.Demo, Inputs.Quick, "?ttl=PT10M")).Text("uri")!;

        time.Advance(TimeSpan.FromMinutes(9));
        (await server.Client.GetAsync(uri)).ShouldBe(200);
        time.Advance(TimeSpan.FromMinutes(2));
        (await server.Client.GetAsync(uri)).ShouldBeProblem(410);
        await RemovedAsync(server);
        (await server.Client.GetAsync(uri)).ShouldBeProblem(410);
        time.Advance(TimeSpan.FromMinutes(58));
        (await server.Client.GetAsync(uri)).ShouldBeProblem(410);
        time.Advance(TimeSpan.FromMinutes(5));
        (await server.Client.GetAsync(uri)).ShouldBeProblem(404);
    }

    [Fact]
    public async Task Retention_Expired_RemovesRowsAndFiles()
    {
        var time = new ShiftedTime();
        await using GatewayServer server = await GatewayServer.StartAsync(time: time);
        byte[] csv = Inputs.CsvOf(400_000);
        Answer submitted = (await server.Client.SendAsync(HttpMethod.Post, "/operations/csv.profile?tag.a=b", GatewayClient.Body(csv, "text/csv"))).ShouldBe(202);
        await server.Client.WaitForEndAsync(submitted.Uri);
        Database.Payloads(server).ShouldBe(1);

        time.Advance(TimeSpan.FromDays(1.01));
        await RemovedAsync(server);

        await Database.WaitForPayloadsAsync(server, 0);
        await server.StopAsync();
        foreach (string table in (string[])["operations", "inputs", "results", "history", "contacts", "operation_tags"])
        {
            Database.Scalar(server, $"SELECT count(*) FROM {table}").ShouldBe(0, table);
        }
    }

    [Fact]
    public async Task Patch_ExpiresAt_MovesItAndTellsTheServersTime()
    {
        var time = new ShiftedTime();
        await using GatewayServer server = await GatewayServer.StartAsync(time: time);
        JsonElement end = await server.Client.RunAsync(Inputs.Demo, Inputs.Quick, "?ttl=PT10M");
        string uri = end.Text("uri")!;
        DateTimeOffset wanted = time.GetUtcNow().AddHours(2);

        Answer moved = (await server.Client.PatchAsync(uri, new { expiresAt = GatewayClient.Text(wanted) })).ShouldBe(200);

        GatewayClient.Text(moved.Json.Instant("expiresAt")!.Value).ShouldBe(GatewayClient.Text(wanted));
        moved.Json.Instant("currentTime")!.Value.ShouldBe(time.GetUtcNow(), TimeSpan.FromSeconds(10));
        moved.Json.Number("version")!.Value.ShouldBeGreaterThan(end.Number("version")!.Value);
        time.Advance(TimeSpan.FromMinutes(100));
        (await server.Client.GetAsync(uri)).ShouldBe(200);
        time.Advance(TimeSpan.FromMinutes(21));
        (await server.Client.GetAsync(uri)).ShouldBeProblem(410);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("{\"expiresAt\":null}")]
    [InlineData("{\"expiresAt\":7}")]
    [InlineData("{\"expiresAt\":\"tomorrow\"}")]
    [InlineData("{\"expiresAt\":\"2020-01-01T00:00:00Z\"}")]
    [InlineData("{\"expiresAt\":\"9999-12-31T23:59:59Z\"}")]
    [InlineData("{\"expiresAt\":\"2030-02-30T00:00:00Z\"}")]
    [InlineData("{\"expiresAt\":\"\\ud800\"}")]
    public async Task Patch_Malformed_Is400(string body)
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        string uri = (await server.Client.RunAsync(Inputs.Demo, Inputs.Quick)).Text("uri")!;

        (await server.Client.PatchAsync(uri, body)).ShouldBeProblem(400);
    }

    [Fact]
    public async Task Patch_OtherMediaTypeOrTooLong_IsRefused()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        string uri = (await server.Client.RunAsync(Inputs.Demo, Inputs.Quick)).Text("uri")!;
        string large = $"{{\"expiresAt\":\"2030-01-01T00:00:00Z\",\"x\":\"{new string('x', 1_000_000)}\"}}";

        (await server.Client.SendAsync(HttpMethod.Patch, uri, GatewayClient.Body("{}", "text/plain"))).ShouldBeProblem(415);
        (await server.Client.PatchAsync(uri, large)).ShouldBeProblem(413);
        (await server.Client.SendAsync(HttpMethod.Patch, uri, GatewayClient.Json(large), ("Transfer-Encoding", "chunked"))).ShouldBeProblem(413);
    }

    /// <summary>The sweeper comes by every two seconds.</summary>
    private static async Task RemovedAsync(GatewayServer server)
    {
        using var limit = new CancellationTokenSource(Limits.Limit);
        while (Database.Scalar(server, "SELECT count(*) FROM operations") > 0 || Database.Payloads(server) > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }
}
