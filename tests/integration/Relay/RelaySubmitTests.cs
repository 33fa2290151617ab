using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Relay;

/// <summary>A request to a relayed path becomes an operation, and the service's answer its result.</summary>
public sealed class RelaySubmitTests
{
    private const int Big = 50 * 1024 * 1024;

    [Theory]
    [InlineData("PUT")]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public async Task Request_OfASlowService_IsAcceptedAtOnceAndEndsWithItsAnswer(string method)
    {
        var finish = new Signal();
        string body = "";
        await using Relayed relayed = await Relayed.StartAsync(async context =>
        {
            body = await new StreamReader(context.Request.Body, Encoding.UTF8).ReadToEndAsync(context.RequestAborted);
            await finish.WaitAsync(context.RequestAborted);
            await SlowService.AnswerAsync(context, 201, "text/x-report; charset=utf-8", "the report");
        }, "/base");

        Answer accepted = await relayed.SubmitAsync(new HttpMethod(method), "/reports/2026/q1?full=yes&delay=PT9H", "{\"year\": 2026}");
        accepted["Location"].ShouldBe(accepted.Uri);
        accepted["Retry-After"].ShouldNotBeNull();
        accepted.Json.Number("progress").ShouldBe(0);
        accepted.Json.Text("type").ShouldBe("reports");
        ServiceRequest request = await relayed.Service.NextAsync();
        finish.Set();
        JsonElement status = await relayed.Client.WaitForEndAsync(accepted.Uri);

        request.Method.ShouldBe(method);
        request.Target.ShouldBe("/base/2026/q1?full=yes&delay=PT9H");
        request.ReportUri.ShouldBe(accepted.Uri + "/report");
        body.ShouldBe("{\"year\": 2026}");
        status.Number("status").ShouldBe(0);
        Answer result = (await relayed.ResultAsync(status)).ShouldBe(200);
        result.Text.ShouldBe("the report");
        result["Content-Type"].ShouldBe("text/x-report; charset=utf-8");
        (await relayed.Client.GetAsync(accepted.Uri + "/input")).ShouldBe(200).Text.ShouldBe("{\"year\": 2026}");
    }

    [Fact]
    public async Task Request_AndAnswerOfFiftyMebibytes_GoThroughUnchanged()
    {
        byte[] sent = RandomNumberGenerator.GetBytes(Big);
        byte[] answered = RandomNumberGenerator.GetBytes(Big);
        byte[] received = [];
        await using Relayed relayed = await Relayed.StartAsync(async context =>
        {
            received = await SHA256.HashDataAsync(context.Request.Body, context.RequestAborted);
            await context.Response.Body.WriteAsync(answered, context.RequestAborted);
        });

        Answer accepted = (await relayed.Client.SendAsync(HttpMethod.Put, "/reports/big", GatewayClient.Body(sent, "application/octet-stream"))).ShouldBe(202);
        JsonElement status = await relayed.Client.WaitForEndAsync(accepted.Uri);

        received.ShouldBe(SHA256.HashData(sent));
        SHA256.HashData((await relayed.ResultAsync(status)).ShouldBe(200).Body).ShouldBe(SHA256.HashData(answered));
    }

    [Fact]
    public async Task Answer_WithoutContent_IsNoResult()
    {
        await using Relayed relayed = await Relayed.StartAsync(context =>
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });

        Answer accepted = (await relayed.Client.SendAsync(HttpMethod.Delete, "/reports/7", content: null)).ShouldBe(202);
        JsonElement status = await relayed.Client.WaitForEndAsync(accepted.Uri);

        status.Number("status").ShouldBe(0);
        (await relayed.ResultAsync(status)).ShouldBe(204);
        (await relayed.Service.NextAsync()).Headers.Keys.ShouldNotContain("Content-Type");
    }

    [Fact]
    public async Task Failure_OfTheService_IsTheOperationsWithItsOwnCodeAndWords()
    {
        await using Relayed relayed = await Relayed.StartAsync(context =>
            SlowService.AnswerAsync(context, 423, "application/problem+json", """{"type": "about:blank", "title": "Locked", "status": 423, "detail": "The books are being closed."}"""));

        JsonElement status = await relayed.RunAsync(HttpMethod.Post, "/reports/1");

        status.Text("state").ShouldBe("failed");
        status.Number("status").ShouldBe(423);
        status.Text("message").ShouldBe("The books are being closed.");
        Answer result = (await relayed.ResultAsync(status)).ShouldBeProblem(423, "operation-failed");
        result.Json.Text("title").ShouldBe("Locked");
        result.Json.GetProperty("error").Text("code").ShouldBe("423");
        relayed.Service.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Submission_WithOptions_HasThemFromHeadersAndLeavesTheQueryToTheService()
    {
        await using Relayed relayed = await Relayed.StartAsync(context => SlowService.AnswerAsync(context, 200, "1"));

        Answer waited = await relayed.Client.SendAsync(
            HttpMethod.Post, "/reports?tag.a=service&profile=azure", null, ("Operation-Options", "tag.team=maps&ttl=PT1H"), ("Prefer", "wait=20"));

        waited.ShouldBe(200).Json.GetProperty("tags").Text("team").ShouldBe("maps");
        waited["Preference-Applied"].ShouldBe("wait=20");
        waited.Json.GetProperty("tags").Has("a").ShouldBeFalse();
        (waited.Json.Instant("expiresAt") - waited.Json.Instant("endedAt")).ShouldBe(TimeSpan.FromHours(1));
        (await relayed.Service.NextAsync()).Target.ShouldBe("/?tag.a=service&profile=azure");
    }

    [Fact]
    public async Task Submission_AskingForEvents_IsFollowedOnItsOwnConnection()
    {
        await using Relayed relayed = await Relayed.StartAsync(context => SlowService.AnswerAsync(context, 200, "1"));

        await using EventStream stream = await relayed.Client.StreamAsync(HttpMethod.Post, "/reports/1", GatewayClient.Json("{}"));
        List<JsonElement> statuses = await stream.ToEndAsync();

        ((int)stream.Response.StatusCode).ShouldBe(202);
        statuses[0].Number("progress").ShouldBe(0);
        statuses[^1].Number("status").ShouldBe(0);
        (await relayed.Service.NextAsync()).Headers.Keys.ShouldNotContain("Accept");
    }

    [Fact]
    public async Task IdempotencyKey_SentAgain_StartsNothing_AndAnotherRequestUnderItIsRefused()
    {
        await using Relayed relayed = await Relayed.StartAsync(SlowService.HangAsync);
        (string, string) key = ("Idempotency-Key", "\"once\"");

        Answer first = await relayed.SubmitAsync(HttpMethod.Post, "/reports/a?x=1", "{}", key);
        (await relayed.Service.NextAsync()).Headers["Idempotency-Key"].ShouldMatch("^[A-Za-z0-9_-]{43}$");
        (await relayed.SubmitAsync(HttpMethod.Post, "/reports/a?x=1", "{}", key)).Uri.ShouldBe(first.Uri);
        Answer other = await relayed.Client.SendAsync(HttpMethod.Post, "/reports/a?x=2", GatewayClient.Json("{}"), key);

        other.ShouldBeProblem(422, "idempotency-key-reused").Differences().ShouldBe(["/query"]);
        relayed.Service.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Resubmission_SendsTheSameRequestAnew()
    {
        await using Relayed relayed = await Relayed.StartAsync(context => SlowService.AnswerAsync(context, 500, "{}"));
        JsonElement failed = await relayed.RunAsync(HttpMethod.Put, "/reports/7?x=%20y", "{\"a\":1}", ("Idempotency-Key", "k"));

        Answer again = (await relayed.Client.PostAsync(failed.Text("uri") + "/resubmit")).ShouldBe(202);
        await relayed.Client.WaitForEndAsync(again.Uri);

        relayed.Service.All.Select(request => (request.Method, request.Target, request.Headers["Content-Type"])).ShouldBe(
            [("PUT", "/7?x=%20y", "application/json"), ("PUT", "/7?x=%20y", "application/json")]);
        relayed.Service.All.Select(request => request.Headers["Idempotency-Key"]).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Type_OfARoute_IsListedAndCannotBeSubmittedByItsName()
    {
        await using Relayed relayed = await Relayed.StartAsync(SlowService.HangAsync, settings: [("Operations:reports:Retries", "7"), ("Relay:Routes:0:Type", "reports")]);

        JsonElement type = (await relayed.Client.GetAsync("/operation-types")).Json.GetProperty("types").EnumerateArray().Single(known => known.Text("name") == "reports");
        type.Text("route").ShouldBe("/reports/**");
        type.Number("retries").ShouldBe(7);
        (await relayed.Client.PostAsync("/operations/reports", new { })).ShouldBeProblem(405, "method-not-allowed")["Allow"].ShouldBe("GET, HEAD");
        (await relayed.Client.PutAsync("/operations/reports/mine", new { })).ShouldBeProblem(405, "method-not-allowed");
        (await relayed.Client.GetAsync("/operations/reports")).ShouldBe(200).Json.GetProperty("operations").GetArrayLength().ShouldBe(0);
    }
}
