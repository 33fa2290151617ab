using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RealtimeOps.IntegrationTests.Security;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Relay;

/// <summary>Services that answer 202 and report by themselves, with the token that came with the request.</summary>
public sealed class RelayReportTests
{
    [Fact]
    public async Task Reports_OfProgressAndResult_AreTheOperations()
    {
        byte[] report = RandomNumberGenerator.GetBytes(5_000_000);
        await using Relayed relayed = await Relayed.StartAsync(TakeAsync, keys: new Keys().With("anna", "submit read"));
        using GatewayClient anna = relayed.Server.ClientWith(Keys.Of("anna"));

        string uri = (await anna.PostAsync("/reports", new { })).ShouldBe(202).Uri;
        ServiceRequest request = await relayed.Service.NextAsync();
        await anna.WaitForStateAsync(uri, "running");
        (await relayed.ReportAsync(request, HttpMethod.Patch, GatewayClient.Json(new { progress = 40, activity = "Binding" }))).ShouldBe(204);
        (await relayed.ReportAsync(request, HttpMethod.Patch, content: null)).ShouldBe(204);
        (await relayed.ReportAsync(request, HttpMethod.Patch, GatewayClient.Json(new { progress = 30 }))).ShouldBe(204);
        JsonElement running = await anna.WaitAsync(uri, status => status.Number("progress") == 40);
        (await relayed.ReportAsync(request, HttpMethod.Patch, GatewayClient.Json(new { progress = 100 }))).ShouldBe(204);
        (await anna.WaitAsync(uri, status => status.Number("progress") == 99)).Text("state").ShouldBe("running");
        (await relayed.ReportAsync(request, HttpMethod.Post, GatewayClient.Body(report, "application/pdf"))).ShouldBe(204);
        JsonElement final = await anna.WaitForEndAsync(uri);

        running.Text("activity").ShouldBe("Binding");
        final.Number("status").ShouldBe(0);
        final.Number("attempt").ShouldBe(1);
        Answer result = (await anna.GetAsync(uri + "/result")).ShouldBe(200);
        result["Content-Type"].ShouldBe("application/pdf");
        result.Body.ShouldBe(report);
        (await relayed.ReportAsync(request, HttpMethod.Post, GatewayClient.Json(7))).ShouldBeProblem(409, "conflict");
        (await relayed.ReportAsync(request, HttpMethod.Patch, null)).ShouldBeProblem(409, "conflict");
        string[] events = [.. (await anna.GetAsync(uri + "/history")).Json.GetProperty("events").EnumerateArray().Select(happened => happened.Text("event")!)];
        events.Count(happened => happened == "ended").ShouldBe(1);
    }

    [Fact]
    public async Task Report_OfAProblem_FailsTheOperationWithItsCode()
    {
        await using Relayed relayed = await Relayed.StartAsync(TakeAsync);

        string uri = (await relayed.SubmitAsync(HttpMethod.Put, "/reports/1")).Uri;
        ServiceRequest request = await relayed.Service.NextAsync();
        (await relayed.ReportAsync(request, HttpMethod.Post, GatewayClient.Body("""{"title": "No paper", "status": 507, "detail": "The tray is empty."}""", "application/problem+json"))).ShouldBe(204);
        JsonElement final = await relayed.Client.WaitForEndAsync(uri);

        final.Text("state").ShouldBe("failed");
        final.Number("status").ShouldBe(507);
        (await relayed.ResultAsync(final)).ShouldBeProblem(507).Json.Text("title").ShouldBe("No paper");
    }

    /// <summary>A service may report while its answer is still open; the result that it reports ends the wait for the other.</summary>
    [Fact]
    public async Task Report_WhileTheAnswerIsOpen_EndsTheOperationAndTheConnection()
    {
        await using Relayed relayed = await Relayed.StartAsync(SlowService.HangAsync);

        string uri = (await relayed.SubmitAsync(HttpMethod.Post, "/reports/1")).Uri;
        ServiceRequest request = await relayed.Service.NextAsync();
        (await relayed.ReportAsync(request, HttpMethod.Post, content: null)).ShouldBe(204);

        (await relayed.Client.WaitForEndAsync(uri)).Number("status").ShouldBe(0);
        (await relayed.Client.GetAsync(uri + "/result")).ShouldBe(204);
        await request.Aborted.ReachedAsync();
    }

    [Fact]
    public async Task Token_ThatIsNotOfThisOperation_IsRefused()
    {
        await using Relayed relayed = await Relayed.StartAsync(TakeAsync);
        await relayed.SubmitAsync(HttpMethod.Post, "/reports/1");
        ServiceRequest one = await relayed.Service.NextAsync();
        await relayed.SubmitAsync(HttpMethod.Post, "/reports/2");
        ServiceRequest other = await relayed.Service.NextAsync();

        foreach (string token in (string[])[other.ReportToken, "nonsense", "", one.ReportToken[..^2] + "AA"])
        {
            (await relayed.ReportAsync(one, HttpMethod.Post, GatewayClient.Json(7), token)).ShouldBeProblem(401, "unauthorized");
        }

        (await relayed.Client.SendAsync(HttpMethod.Patch, one.ReportUri, null)).ShouldBeProblem(401, "unauthorized")["WWW-Authenticate"].ShouldNotBeNull();
        (await relayed.Client.SendAsync(HttpMethod.Post, "/operations/reports/nothing/report", null, ("Authorization", "Bearer " + one.ReportToken))).ShouldBeProblem(401, "unauthorized");
    }

    [Theory]
    [InlineData("[]", "")]
    [InlineData("{", "")]
    [InlineData("""{"progress": "all"}""", "/progress")]
    [InlineData("""{"progress": 101}""", "/progress")]
    [InlineData("""{"activity": 7}""", "/activity")]
    public async Task Report_ThatIsNone_IsToldWhy(string body, string pointer)
    {
        await using Relayed relayed = await Relayed.StartAsync(TakeAsync);
        await relayed.SubmitAsync(HttpMethod.Post, "/reports/1");

        Answer answer = await relayed.ReportAsync(await relayed.Service.NextAsync(), HttpMethod.Patch, GatewayClient.Body(body, "application/json"));

        answer.ShouldBeProblem(400, "invalid-input").Pointers().ShouldBe([pointer]);
    }

    [Fact]
    public async Task Silence_OfAServiceThatMayBeAskedTwice_SendsAgain_AndTheOldTokenIsDead()
    {
        await using Relayed relayed = await Relayed.StartAsync(TakeAsync, settings: [("Relay:Routes:0:Silence", "00:00:03")]);

        string uri = (await relayed.SubmitAsync(HttpMethod.Put, "/reports/1")).Uri;
        ServiceRequest first = await relayed.Service.NextAsync();
        ServiceRequest second = await relayed.Service.NextAsync();
        (await relayed.ReportAsync(first, HttpMethod.Post, GatewayClient.Json("old"))).ShouldBeProblem(401, "unauthorized");
        (await relayed.ReportAsync(second, HttpMethod.Post, GatewayClient.Body("new", "text/plain"))).ShouldBe(204);
        JsonElement final = await relayed.Client.WaitForEndAsync(uri);

        final.Number("attempt").ShouldBe(2);
        (await relayed.ResultAsync(final)).Text.ShouldBe("new");
    }

    [Fact]
    public async Task Silence_OfAPlainPost_FailsIt()
    {
        await using Relayed relayed = await Relayed.StartAsync(TakeAsync, settings: [("Relay:Routes:0:Silence", "00:00:00.3")]);

        JsonElement final = await relayed.RunAsync(HttpMethod.Post, "/reports/1");

        final.Number("status").ShouldBe(504);
        final.Number("attempt").ShouldBe(1);
        relayed.Service.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Heartbeats_KeepTheOperationAlive()
    {
        await using Relayed relayed = await Relayed.StartAsync(TakeAsync, settings: [("Relay:Routes:0:Silence", "00:00:04")]);
        string uri = (await relayed.SubmitAsync(HttpMethod.Post, "/reports/1")).Uri;
        ServiceRequest request = await relayed.Service.NextAsync();

        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        for (int i = 0; i < 10; i++)
        {
            await beat.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            (await relayed.ReportAsync(request, HttpMethod.Patch, content: null)).ShouldBe(204);
        }

        (await relayed.Client.GetAsync(uri)).ShouldBe(202).Json.Text("state").ShouldBe("running");
    }

    [Fact]
    public async Task Result_ThatTakesLongToSend_IsNoSilence()
    {
        await using Relayed relayed = await Relayed.StartAsync(TakeAsync, settings: [("Relay:Routes:0:Silence", "00:00:04")]);
        string uri = (await relayed.SubmitAsync(HttpMethod.Post, "/reports/1")).Uri;
        ServiceRequest request = await relayed.Service.NextAsync();
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(500));

        (await relayed.ReportAsync(request, HttpMethod.Post, new SlowContent(beat, beats: 12))).ShouldBe(204);

        (await relayed.Client.WaitForEndAsync(uri)).Number("status").ShouldBe(0);
    }

    /// <summary>Half a character is no text.</summary>
    [Fact]
    public async Task Problem_WithoutText_IsRecordedAllTheSame()
    {
        await using Relayed relayed = await Relayed.StartAsync(TakeAsync);
        string uri = (await relayed.SubmitAsync(HttpMethod.Post, "/reports/1")).Uri;

        (await relayed.ReportAsync(await relayed.Service.NextAsync(), HttpMethod.Post, GatewayClient.Body("""{"title": "No paper", "detail": "\ud800"}""", "application/problem+json"))).ShouldBe(204);

        (await relayed.Client.WaitForEndAsync(uri)).Text("message").ShouldBe("No paper");
    }

    /// <summary>The gateway restarts; the service, which knows nothing of it, goes on reporting under the token that it has.</summary>
    [Fact]
    public async Task Restart_OfTheGateway_LeavesAnAcceptedRequestWithItsToken()
    {
        await using Relayed relayed = await Relayed.StartAsync(TakeAsync);
        string uri = (await relayed.SubmitAsync(HttpMethod.Post, "/reports/1")).Uri;
        ServiceRequest request = await relayed.Service.NextAsync();
        (await relayed.ReportAsync(request, HttpMethod.Patch, GatewayClient.Json(new { progress = 10 }))).ShouldBe(204);

        await relayed.Server.RestartAsync();
        await relayed.Client.WaitForStateAsync(uri, "running");
        (await relayed.ReportAsync(request, HttpMethod.Post, GatewayClient.Body("done", "text/plain"))).ShouldBe(204);

        JsonElement final = await relayed.Client.WaitForEndAsync(uri);
        final.Number("status").ShouldBe(0);
        final.Number("attempt").ShouldBe(2);
        relayed.Service.All.Count.ShouldBe(1);
    }

    /// <summary>Who reports has the request, though its answer never came: nobody has to be asked what became of it.</summary>
    [Fact]
    public async Task Restart_BeforeTheAnswerOfAServiceThatReports_WaitsForItsReports()
    {
        await using Relayed relayed = await Relayed.StartAsync(SlowService.HangAsync);
        string uri = (await relayed.SubmitAsync(HttpMethod.Post, "/reports/1")).Uri;
        ServiceRequest request = await relayed.Service.NextAsync();
        (await relayed.ReportAsync(request, HttpMethod.Patch, content: null)).ShouldBe(204);

        await relayed.Server.RestartAsync();
        await relayed.Client.WaitForStateAsync(uri, "running");
        (await relayed.ReportAsync(request, HttpMethod.Post, GatewayClient.Body("done", "text/plain"))).ShouldBe(204);

        JsonElement final = await relayed.Client.WaitForEndAsync(uri);
        final.Number("status").ShouldBe(0);
        final.Number("attempt").ShouldBe(2);
        relayed.Service.All.Count.ShouldBe(1);
    }

    private sealed class SlowContent(PeriodicTimer beat, int beats) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            for (int i = 0; i < beats; i++)
            {
                await beat.WaitForNextTickAsync(TestContext.Current.CancellationToken);
                await stream.WriteAsync(new byte[10_000], TestContext.Current.CancellationToken);
                await stream.FlushAsync(TestContext.Current.CancellationToken);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private static Task TakeAsync(HttpContext context)
    {
        context.Response.StatusCode = 202;
        return Task.CompletedTask;
    }
}
