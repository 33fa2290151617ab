#if USE_HANGFIRE
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RealtimeOps.Hangfire;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Hangfire;

public sealed class DashboardTests
{
    [Fact]
    public async Task Pages_All_AreRendered()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        using var dashboard = new Dashboard(server);
        await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);

        foreach (string page in (string[])
            ["", "/jobs/enqueued", "/jobs/enqueued/default", "/jobs/scheduled", "/jobs/processing", "/jobs/succeeded", "/jobs/failed", "/jobs/deleted", "/jobs/awaiting", "/retries", "/recurring", "/servers", "/operations"])
        {
            (await dashboard.ReadAsync(page)).ShouldContain("RealtimeOps");
        }
    }

    [Fact]
    public async Task JobPage_RunningOperation_ShowsItsProgressAndLinksToItsStatus()
    {
        var reported = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(script: async (_, context, cancellation) =>
        {
            context.Report(42.0, "Sharpening <pencils>");
            reported.Set();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return RealtimeOps.Execution.OperationResult.None;
        });
        using var dashboard = new Dashboard(server);
        string uri = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        await reported.ReachedAsync();
        (string id, _) = await dashboard.JobAsync(uri, "Processing");

        string page = await dashboard.ReadAsync("/jobs/details/" + id);

        page.ShouldContain("<span data-field=\"progress\">42</span>");
        page.ShouldContain("Sharpening &lt;pencils&gt;");
        page.ShouldContain("<td data-field=\"attempt\">1</td>");
        page.ShouldContain($"data-operation=\"/operations/{Dashboard.OperationOf(uri)}\"");
        page.ShouldContain($">{uri}</a>");
        page.ShouldNotContain("<pencils>");
    }

    [Fact]
    public async Task OperationsPage_ByState_ListsTheNewest()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        using var dashboard = new Dashboard(server);
        string good = (await server.Client.RunAsync(Inputs.Demo, Inputs.Quick)).Text("uri")!;
        string bad = (await server.Client.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, failAt = 1 })).Text("uri")!;

        string all = await dashboard.ReadAsync("/operations");
        string failed = await dashboard.ReadAsync("/operations?state=failed");
        string overview = await dashboard.ReadAsync();

        all.ShouldContain(Dashboard.OperationOf(good));
        all.ShouldContain(Dashboard.OperationOf(bad));
        failed.ShouldNotContain(Dashboard.OperationOf(good));
        failed.ShouldContain(Dashboard.OperationOf(bad));
        overview.ShouldContain("Operations running");
        overview.ShouldContain("Operations failed in the last hour");
    }

    [Fact]
    public async Task Command_WithoutTheAntiforgeryToken_IsRefusedAndChangesNothing()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        using var dashboard = new Dashboard(server);
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?delay=PT1H")).Uri;
        (string id, _) = await dashboard.JobAsync(uri, "Scheduled");

        (await dashboard.PressAsync("/jobs/actions/delete/" + id, withToken: false)).ShouldBe(HttpStatusCode.Forbidden);

        (await server.Client.GetAsync(uri)).Json.Text("state").ShouldBe("queued");
    }

    [Fact]
    public async Task Command_OfOneWhoMayOnlySee_IsRefusedAndHasNoButtons()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(services: services => services.Configure<DashboardAccess>(access => access.MayChange = _ => false));
        using var dashboard = new Dashboard(server);
        string uri = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?delay=PT1H")).Uri;
        (string id, _) = await dashboard.JobAsync(uri, "Scheduled");

        (await dashboard.ReadAsync("/jobs/details/" + id)).ShouldNotContain("actions/delete");
        (await dashboard.PressAsync("/jobs/actions/delete/" + id)).ShouldNotBe(HttpStatusCode.NoContent);

        (await server.Client.GetAsync(uri)).Json.Text("state").ShouldBe("queued");
    }

    [Fact]
    public async Task Page_OfOneWhoMayNotSee_IsRefused()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(services: services => services.Configure<DashboardAccess>(access => access.MaySee = _ => false));

        (await server.Client.GetAsync("/hangfire")).ShouldBe(401);
        (await server.Client.GetAsync("/hangfire/jobs/failed")).ShouldBe(401);
    }

    [Theory]
    [InlineData(null, 401, 401)]
    [InlineData("anna", 403, 403)]
    [InlineData("auditor", 200, 401)]
    [InlineData("root", 200, 204)]
    public async Task Dashboard_WithCredentials_IsForThoseWhoSeeEverything(string? name, int sees, int changes)
    {
        Dictionary<string, string?> settings = new Security.Keys().With("anna", "submit read manage").With("auditor", "admin.read").With("root", "admin").Settings();
        await using GatewayServer server = await GatewayServer.StartAsync(settings);
        using GatewayClient client = server.ClientWith(name is null ? null : Security.Keys.Of(name));

        (await client.GetAsync("/hangfire")).ShouldBe(sees);
        (await client.GetAsync("/hangfire/jobs/failed")).ShouldBe(sees);
        Answer change = await client.PostAsync("/hangfire/jobs/actions/delete/none");
        change.Code.ShouldNotBe(200);
        if (changes != 204)
        {
            change.Code.ShouldBeOneOf(401, 403);
        }
    }

    [Fact]
    public async Task Dashboard_PersonWhoIsNotSignedIn_IsSentToWhereOneSignsIn()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new Security.Keys().With("root", "admin").Settings());

        (await server.Client.GetAsync("/hangfire/jobs/failed", ("Accept", "text/html,*/*"))).ShouldBe(302)["Location"].ShouldBe("/");
        Answer session = await server.Client.PostAsync("/session", new { key = Security.Keys.Of("root") });
        (await server.Client.GetAsync("/hangfire", ("Accept", "text/html,*/*"), ("Cookie", session["Set-Cookie"]!.Split(';')[0]))).ShouldBe(200);
    }

    [Fact]
    public async Task Engine_InProcess_RunsOperationsAndSaysSoInPlaceOfTheDashboard()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Engine"] = "inprocess" });

        (await server.Client.RunAsync(Inputs.Demo, Inputs.Quick)).Number("status").ShouldBe(0);

        (await server.Client.GetAsync("/hangfire")).ShouldBe(200).Text.ShouldContain("Engine=hangfire");
        server.Services.GetRequiredService<EngineStorage>().Jobs.GetMonitoringApi().GetStatistics().Succeeded.ShouldBe(0);
    }
}
#endif
