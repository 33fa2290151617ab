using System.Globalization;
using System.Text.Json;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests;

/// <summary>The sample, as somebody who writes an operation of their own would try it.</summary>
public sealed class SampleTests : IDisposable
{
    private const string Type = "reports.render";

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task RenderReport_Watched_ShowsProgressAndEndsWithTwelveMonths()
    {
        await using GatewayProcess sample = await GatewayProcess.StartAsync(Repository.Sample, _data.Path);
        await using EventStream stream = await SubmitAsync(sample.Client);

        List<JsonElement> seen = await stream.ToEndAsync();

        seen.Count.ShouldBeGreaterThan(2);
        seen.SkipLast(1).ShouldAllBe(status => status.Number("progress") < 100);
        seen[^1].Number("status").ShouldBe(0);
        seen[^1].Text("message").ShouldBe("The report of 2026 is ready.");
        await CheckReportAsync(sample.Client, seen[^1]);
        await sample.StopAsync();
    }

    [Fact]
    public async Task RenderReport_YearOutOfRange_IsRefusedWithItsPointer()
    {
        await using GatewayProcess sample = await GatewayProcess.StartAsync(Repository.Sample, _data.Path);

        Answer answer = await sample.Client.PostAsync("/operations/" + Type, new { year = 1999 });

        answer.ShouldBeProblem(400).Pointers().ShouldBe(["/year"]);
        await sample.StopAsync();
    }

    [Fact]
    public async Task RenderReport_KilledInTheMiddle_GoesOnFromItsCheckpoint()
    {
        const int killedAt = 4;
        string path;
        await using (GatewayProcess sample = await GatewayProcess.StartAsync(Repository.Sample, _data.Path))
        {
            await using EventStream stream = await SubmitAsync(sample.Client);
            JsonElement status;
            do
            {
                status = (await stream.NextStatusAsync()).ShouldNotBeNull();
            }
            while (Month(status) is not >= killedAt);

            path = new Uri(status.Text("uri")!).AbsolutePath;
            await sample.KillAsync();
        }

        await using GatewayProcess next = await GatewayProcess.StartAsync(Repository.Sample, _data.Path);
        await using EventStream watched = await next.Client.WatchAsync(path);
        List<JsonElement> seen = await watched.ToEndAsync();

        seen.ShouldAllBe(status => status.Number("attempt") == 2);
        int[] months = [.. seen.Select(Month).OfType<int>()];
        months.ShouldNotBeEmpty();
        months.ShouldAllBe(month => month >= killedAt, "What was rendered before the crash is not rendered again.");
        await CheckReportAsync(next.Client, seen[^1]);
        await next.StopAsync();
    }

    /// <summary>Watches from the submission on.</summary>
    private static Task<EventStream> SubmitAsync(GatewayClient client) => client.StreamAsync(HttpMethod.Post, "/operations/" + Type, GatewayClient.Json(new { year = 2026 }));

    private static async Task CheckReportAsync(GatewayClient client, JsonElement final)
    {
        final.Number("progress").ShouldBe(100);
        Answer report = (await client.GetAsync(new Uri(final.Text("uri")!).AbsolutePath + "/result")).ShouldBe(200);
        report.Json.Number("year").ShouldBe(2026);
        report.Json.GetProperty("months").EnumerateArray().Select(month => month.GetString())
            .ShouldBe(Enumerable.Range(1, 12).Select(month => $"2026-{month:00}"));
    }

    private static int? Month(JsonElement status) =>
        status.Text("activity") is { } activity ? int.Parse(activity.Split(' ')[^1], CultureInfo.InvariantCulture) : null;
}
