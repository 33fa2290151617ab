#if USE_HANGFIRE
using System.Text.Json;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using RealtimeOps.Hangfire;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Hangfire;

public sealed class RecurringTests
{
    [Fact]
    public async Task Recurring_Triggered_SubmitsTheOperation()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new()
        {
            ["PublicUrl"] = "https://ops.example.com/base/",
            ["Recurring:often:Type"] = "demo.steps",
            ["Recurring:often:Cron"] = "0 0 1 1 *",
            ["Recurring:often:TimeZone"] = "Europe/Berlin",
            ["Recurring:often:Input:steps"] = "2",
            ["Recurring:often:Input:stepMs"] = "0.5",
            ["Recurring:often:Input:message"] = "Told by the clock.",
        });
        using var dashboard = new Dashboard(server);
        (await dashboard.ReadAsync("/recurring")).ShouldContain("often");

        var storage = server.Services.GetRequiredService<EngineStorage>();
        new RecurringJobManager(storage.Jobs, storage.Factory).Trigger("often");

        string id = "";
        long start = TimeProvider.System.GetTimestamp();
        while (id.Length == 0 && TimeProvider.System.GetElapsedTime(start) < Limits.Limit)
        {
            id = (await server.Client.GetAsync("/operations?tag.recurring=often")).Json.GetProperty("operations").EnumerateArray().Select(operation => operation.Text("id")!).FirstOrDefault("");
        }

        JsonElement end = await server.Client.WaitForEndAsync("/operations/demo.steps/" + id);
        end.Text("uri").ShouldBe("https://ops.example.com/base/operations/demo.steps/" + id);
        end.Text("message").ShouldBe("Told by the clock.");
        (await dashboard.JobAsync(end.Text("uri")!, "Succeeded")).Id.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("Recurring:nightly:Cron", "sometimes", "Recurring:nightly:Cron is 'sometimes'")]
    [InlineData("Recurring:nightly:Type", "no.such", "Recurring:nightly:Type is 'no.such'")]
    [InlineData("Recurring:nightly:Type", "csv.profile", "takes no JSON")]
    [InlineData("Recurring:nightly:TimeZone", "Mars/Olympus", "Recurring:nightly:TimeZone is 'Mars/Olympus'")]
    [InlineData("Recurring:nightly:Input:steps", "-1", "Recurring:nightly:Input does not fit")]
    [InlineData("Recurring:nightly:Input", "{nonsense", "Recurring:nightly:Input is not well-formed JSON")]
    [InlineData("PublicUrl", null, "PublicUrl")]
    [InlineData("Engine", "inprocess", "Recurring operations need the Hangfire engine.")]
    public async Task Recurring_Faulty_IsRefusedAtTheStartInWords(string setting, string? value, string words)
    {
        var settings = new Dictionary<string, string?>
        {
            ["PublicUrl"] = "https://ops.example.com",
            ["Recurring:nightly:Type"] = "demo.steps",
            ["Recurring:nightly:Cron"] = "0 3 * * *",
            ["Recurring:nightly:Input:steps"] = "1",
            ["Recurring:nightly:Input:stepMs"] = "0",
            [setting] = value,
        };
        using var folder = new TemporaryFolder();

        (int exitCode, string output) = await ServerProcess.RunToExitAsync(folder.Path, [.. settings.Where(each => each.Value is not null).Select(each => $"--{each.Key}={each.Value}")]);

        exitCode.ShouldBe(1);
        output.ShouldContain("The server cannot start");
        output.ShouldContain(words);
    }
}
#endif
