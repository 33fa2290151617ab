using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RealtimeOps.Operations;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Relay;

/// <summary>What is sent twice, what is not, and how a wish to stop reaches the service.</summary>
public sealed class RelayRetryTests
{
    [Theory]
    [InlineData("PUT", false, 2)]
    [InlineData("DELETE", false, 2)]
    [InlineData("POST", true, 2)]
    [InlineData("POST", false, 1)]
    public async Task Busy_Service_IsAskedAgainOnlyWhereThatIsSafe(string method, bool hasKey, int times)
    {
        int asked = 0;
        await using Relayed relayed = await Relayed.StartAsync(context => SlowService.AnswerAsync(context, Interlocked.Increment(ref asked) == 1 ? 503 : 200, "{}"));

        JsonElement final = await relayed.RunAsync(new HttpMethod(method), "/reports/1", "{}", hasKey ? [("Idempotency-Key", "k")] : []);

        final.Number("status").ShouldBe(times == 2 ? 0 : 503);
        if (times == 1)
        {
            final.Text("message").ShouldBe("The service answered 503 Service Unavailable.");
        }

        asked.ShouldBe(times);
        relayed.Service.All.Select(request => request.Headers.GetValueOrDefault("Idempotency-Key")).Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("600", 600, 600)]
    [InlineData("90000", 3600, 3600)]
    [InlineData("Fri, 31 Dec 2100 23:59:59 GMT", 3600, 3600)]
    [InlineData("0", 54, 66)]
    public async Task RetryAfter_OfABusyService_IsHonoredWithinAnHour(string retryAfter, int least, int most)
    {
        await using Relayed relayed = await Relayed.StartAsync(
            context => SlowService.AnswerAsync(context, 503, "{}", ("Retry-After", retryAfter)),
            settings: [("Operations:reports:RetryDelays:0", "00:01:00")]);
        Answer submitted = await relayed.SubmitAsync(HttpMethod.Put, "/reports/1");
        await relayed.Client.WaitForStateAsync(submitted.Uri, "retrying");

        var key = new OperationKey("reports", submitted.Json.Text("id")!);
        Operation waiting = (await relayed.Server.Services.GetRequiredService<IOperationStore>().FindAsync(key, TestContext.Current.CancellationToken)).ShouldNotBeNull();
        (waiting.DueAt - waiting.UpdatedAt).TotalSeconds.ShouldBeInRange(least, most);
    }

    [Theory]
    [InlineData("PUT", 2)]
    [InlineData("POST", 1)]
    public async Task Connection_BrokenByTheService_IsRepeatedOnlyWhereThatIsSafe(string method, int times)
    {
        int asked = 0;
        await using Relayed relayed = await Relayed.StartAsync(context =>
        {
            if (Interlocked.Increment(ref asked) == 1)
            {
                context.Abort();
                return Task.CompletedTask;
            }

            return SlowService.AnswerAsync(context, 200, "{}");
        });

        JsonElement final = await relayed.RunAsync(new HttpMethod(method), "/reports/1");

        final.Number("status").ShouldBe(times == 2 ? 0 : 502);
        if (times == 1)
        {
            final.Text("message").ShouldBe(final.GetProperty("error").Text("detail"));
            final.Text("message")!.ShouldContain("outcome is not known. The request was not sent again");
        }

        asked.ShouldBe(times);
    }

    [Fact]
    public async Task Answer_BrokenOffInTheMiddle_IsNoResult()
    {
        await using Relayed relayed = await Relayed.StartAsync(async context =>
        {
            context.Response.ContentLength = 1_000_000;
            await context.Response.Body.WriteAsync(new byte[500_000], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        });

        JsonElement final = await relayed.RunAsync(HttpMethod.Post, "/reports/1");

        final.Text("state").ShouldBe("failed");
        final.Number("status").ShouldBe(502);
        final.Text("message")!.ShouldContain("outcome is not known");
        relayed.Service.All.Count.ShouldBe(1);
    }

    /// <summary>Where nothing listens, nothing was sent: also a POST may be sent when somebody does.</summary>
    [Fact]
    public async Task Service_ThatIsNotUpYet_GetsThePostWhenItIs()
    {
        string address;
        await using (SlowService gone = await SlowService.StartAsync(SlowService.HangAsync))
        {
            address = gone.Address;
        }

        await using TestSupport.InProcess.GatewayServer server = await TestSupport.InProcess.GatewayServer.StartAsync(new()
        {
            ["Relay:Routes:0:Path"] = "/reports",
            ["Relay:Routes:0:Target"] = address,
            ["Operations:reports:Retries"] = "1000",
            ["Operations:reports:RetryDelays:0"] = "00:00:00.1",
        });
        string uri = (await server.Client.PostAsync("/reports", new { })).ShouldBe(202).Uri;
        await server.Client.WaitForStateAsync(uri, "retrying");
        await using SlowService service = await SlowService.StartAsync(context => SlowService.AnswerAsync(context, 200, "1"), address);

        (await server.Client.WaitForEndAsync(uri)).Number("status").ShouldBe(0);
    }

    /// <summary>The gateway stops while a POST waits for its answer: nobody knows what became of it, so nobody repeats it.</summary>
    [Theory]
    [InlineData("POST", 1)]
    [InlineData("PUT", 2)]
    public async Task Restart_WhileTheAnswerIsAwaited_SendsAgainOnlyWhatIsSafe(string method, int times)
    {
        int asked = 0;
        await using Relayed relayed = await Relayed.StartAsync(context => Interlocked.Increment(ref asked) == 1 ? SlowService.HangAsync(context) : SlowService.AnswerAsync(context, 200, "1"));
        string uri = (await relayed.SubmitAsync(new HttpMethod(method), "/reports/1")).Uri;
        await relayed.Service.NextAsync();

        await relayed.Server.RestartAsync();
        JsonElement final = await relayed.Client.WaitForEndAsync(uri);

        final.Number("status").ShouldBe(times == 2 ? 0 : 502);
        asked.ShouldBe(times);
    }

    [Fact]
    public async Task Cancel_OfAWaitingRequest_BreaksOffTheConnection()
    {
        await using Relayed relayed = await Relayed.StartAsync(SlowService.HangAsync);
        string uri = (await relayed.SubmitAsync(HttpMethod.Put, "/reports/1")).Uri;
        ServiceRequest request = await relayed.Service.NextAsync();

        (await relayed.Client.PostAsync(uri + "/cancel")).ShouldBe(202);

        await request.Aborted.ReachedAsync();
        (await relayed.Client.WaitForEndAsync(uri)).Text("state").ShouldBe("canceled");
        (await relayed.Client.GetAsync(uri + "/result")).ShouldBeProblem(409, "canceled");
        relayed.Service.All.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"jobID": "1", "status": "running", "links": []}""", "DELETE", "/monitor")]
    [InlineData("""{"status": "Running"}""", "DELETE", "/monitor")]
    [InlineData("""{"name": "operations/1", "done": false}""", "POST", "/monitor:cancel")]
    public async Task Cancel_OfAMonitoredRequest_IsPassedOnAsItsFormHasIt(string status, string method, string target)
    {
        await using Relayed relayed = await Relayed.StartAsync(context => context.Request.Path == "/monitor" && context.Request.Method == "GET"
            ? SlowService.AnswerAsync(context, 200, status, ("Retry-After", "0"))
            : SlowService.AnswerAsync(context, context.Request.Path == "/1" ? 202 : 200, "", ("Location", "/monitor"), ("Retry-After", "0")));
        string uri = (await relayed.SubmitAsync(HttpMethod.Post, "/reports/1")).Uri;
        while ((await relayed.Service.NextAsync()).Target != "/monitor")
        {
        }

        await relayed.Service.NextAsync();
        (await relayed.Client.PostAsync(uri + "/cancel")).ShouldBe(202);
        (await relayed.Client.WaitForEndAsync(uri)).Text("state").ShouldBe("canceled");

        relayed.Service.All.ShouldContain(request => request.Method == method && request.Target == target);
    }

    /// <summary>What is at the monitor may be the very thing that was ordered: it is not deleted on a guess.</summary>
    [Fact]
    public async Task Cancel_OfWhatOnlyLooksLikeAJob_DeletesNothing()
    {
        await using Relayed relayed = await Relayed.StartAsync(context =>
            SlowService.AnswerAsync(context, context.Request.Method == "POST" ? 202 : 200, """{"id":5,"status":"accepted","order":true}""", ("Location", "/orders/5"), ("Retry-After", "0")));
        string uri = (await relayed.SubmitAsync(HttpMethod.Post, "/reports/1")).Uri;
        await relayed.Service.NextAsync();
        await relayed.Service.NextAsync();
        await relayed.Service.NextAsync();

        (await relayed.Client.PostAsync(uri + "/cancel")).ShouldBe(202);
        (await relayed.Client.WaitForEndAsync(uri)).Text("state").ShouldBe("canceled");

        relayed.Service.All.ShouldAllBe(request => request.Method == "POST" || request.Method == "GET");
    }

    /// <summary>A service that streams its status from a work that has its own address goes on when nobody listens: it has to be told.</summary>
    [Fact]
    public async Task Cancel_OfAStreamedRequest_ReachesItsMonitor()
    {
        await using Relayed relayed = await Relayed.StartAsync(async context =>
        {
            if (context.Request.Method == "POST")
            {
                await SlowService.AnswerAsync(context, 202, "text/event-stream", "data: {\"progress\": 25}\n\n", ("Location", "/monitors/1"));
                await SlowService.HangAsync(context);
            }
        });
        string uri = (await relayed.SubmitAsync(HttpMethod.Post, "/reports/1")).Uri;
        await relayed.Client.WaitAsync(uri, status => status.Number("progress") == 25);

        (await relayed.Client.PostAsync(uri + "/cancel")).ShouldBe(202);
        (await relayed.Client.WaitForEndAsync(uri)).Text("state").ShouldBe("canceled");

        relayed.Service.All.Select(request => (request.Method, request.Target)).ShouldBe([("POST", "/1"), ("DELETE", "/monitors/1")]);
    }

    /// <summary>A shut-down only lets go of the work, and the next start goes on asking.</summary>
    [Fact]
    public async Task Restart_WhilePolling_GoesOnWithoutSendingOrStoppingAnything()
    {
        var finish = new Signal();
        await using Relayed relayed = await Relayed.StartAsync(context => context.Request.Method == "POST"
            ? SlowService.AnswerAsync(context, 202, """{"status": "running", "jobID": "1"}""", ("Location", "/monitor"), ("Retry-After", "0"))
            : finish.IsSet ? SlowService.AnswerAsync(context, 200, """{"status": "successful", "result": 7}""") : SlowService.AnswerAsync(context, 200, """{"status": "running"}""", ("Retry-After", "0")));
        string uri = (await relayed.SubmitAsync(HttpMethod.Post, "/reports/1")).Uri;
        await relayed.Service.NextAsync();
        await relayed.Service.NextAsync();

        await relayed.Server.RestartAsync();
        finish.Set();
        JsonElement final = await relayed.Client.WaitForEndAsync(uri);

        (await relayed.ResultAsync(final)).ShouldBe(200).Text.ShouldBe("7");
        relayed.Service.All.Count(request => request.Method == "POST").ShouldBe(1);
        relayed.Service.All.ShouldAllBe(request => request.Method != "DELETE");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public async Task Answer_ThatStalls_FailsAPost(string mediaType)
    {
        await using Relayed relayed = await Relayed.StartAsync(
            async context =>
            {
                await SlowService.AnswerAsync(context, 200, mediaType, "[1,");
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await SlowService.HangAsync(context);
            },
            settings: [("Relay:Routes:0:Silence", "00:00:00.5")]);

        (await relayed.RunAsync(HttpMethod.Post, "/reports/1")).Number("status").ShouldBe(504);
    }

    [Fact]
    public async Task Answer_ThatIsPacked_FailsAndSaysSo()
    {
        await using Relayed relayed = await Relayed.StartAsync(context => SlowService.AnswerAsync(context, 200, "{}", ("Content-Encoding", "gzip")));

        JsonElement final = await relayed.RunAsync(HttpMethod.Post, "/reports/1");

        final.Number("status").ShouldBe(502);
        final.Text("message")!.ShouldContain("gzip");
    }

    [Fact]
    public async Task Monitor_SilentForTooLong_FailsAPost()
    {
        await using Relayed relayed = await Relayed.StartAsync(context => context.Request.Method == "POST"
            ? SlowService.AnswerAsync(context, 202, "", ("Location", "/monitor"), ("Retry-After", "0"))
            : SlowService.AnswerAsync(context, 503, "{}"), settings: [("Relay:Routes:0:Silence", "00:00:00.5")]);

        JsonElement final = await relayed.RunAsync(HttpMethod.Post, "/reports/1");

        final.Number("status").ShouldBe(504);
        final.Text("message")!.ShouldStartWith("The service has not been heard of for 0.5 s.");
    }
}
