using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Relay;

/// <summary>Services that answer before they are done: each form of telling so, to the end.</summary>
public sealed class RelayFormTests
{
    private const string Soon = "0";

    /// <summary>Form, first answer (code, header, body), then what the monitor answers: unfinished, finished, and the result.</summary>
    public static TheoryData<string, int, string, string, string, string> Forms => new()
    {
        { "azure", 202, "Operation-Location", "", """{"id": "1", "status": "Running", "percentComplete": 40}""", """{"id": "1", "status": "Succeeded", "resourceLocation": "/result"}""" },
        { "azure, states of its own", 201, "Azure-AsyncOperation", "{}", """{"status": "Provisioning", "percentComplete": 40}""", """{"status": "Succeeded", "resourceLocation": "/result"}""" },
        { "google", 200, "", """{"name": "operations/monitor", "metadata": {"progressPercent": 1}}""", """{"name": "operations/monitor", "done": false, "metadata": {"progressPercent": 40}}""", """{"name": "operations/monitor", "done": true, "response": {"good": true}}""" },
        { "ogc", 201, "Location", """{"jobID": "1", "status": "accepted", "links": []}""", """{"jobID": "1", "status": "running", "progress": 40, "links": []}""", """{"jobID": "1", "status": "successful", "links": [{"rel": "http://www.opengis.net/def/rel/ogc/1.0/results", "href": "/result"}]}""" },
        { "slow rest", 202, "", """{"uri": "/operations/monitor", "progress": 0}""", """{"uri": "/operations/monitor", "progress": 40}""", """{"uri": "/operations/monitor", "progress": 100, "status": 0, "message": "Made.", "result": "/result"}""" },
        { "plain", 202, "Location", "", "", "RESULT" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Monitor_InEachForm_IsPolledToTheResult(string form, int code, string header, string first, string unfinished, string finished)
    {
        var goOn = new Signal();
        await using Relayed relayed = await Relayed.StartAsync(context => (context.Request.Method, context.Request.Path.Value) switch
        {
            ("POST", _) => header.Length == 0 ? SlowService.AnswerAsync(context, code, first, ("Retry-After", Soon)) : SlowService.AnswerAsync(context, code, first, (header, "/operations/monitor"), ("Retry-After", Soon)),
            (_, "/operations/monitor") when !goOn.IsSet => SlowService.AnswerAsync(context, form == "plain" ? 202 : 200, unfinished, ("Retry-After", Soon)),
            (_, "/operations/monitor") when finished != "RESULT" => SlowService.AnswerAsync(context, 200, finished),
            (_, "/result" or "/operations/monitor") => SlowService.AnswerAsync(context, 200, """{"good":true}"""),
            _ => Task.FromException(new InvalidOperationException(context.Request.Path)),
        });

        string uri = (await relayed.SubmitAsync(HttpMethod.Post, "/reports")).Uri;
        if (form != "plain")
        {
            JsonElement running = await relayed.Client.WaitAsync(uri, status => status.Number("progress") == 40);
            running.Text("state").ShouldBe("running");
        }

        goOn.Set();
        JsonElement status = await relayed.Client.WaitForEndAsync(uri);

        status.Number("status").ShouldBe(0, status.ToString());
        if (form == "slow rest")
        {
            status.Text("message").ShouldBe("Made.");
        }

        Answer result = (await relayed.ResultAsync(status)).ShouldBe(200);
        result.Json.GetProperty("good").GetBoolean().ShouldBeTrue();
        relayed.Service.All.Count(request => request.Method == "POST").ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"status": "Failed", "error": {"code": "OutOfPaper", "message": "No paper."}}""", 500, "No paper.")]
    [InlineData("""{"name": "operations/1", "done": true, "error": {"code": 8, "message": "No paper."}}""", 429, "No paper.")]
    [InlineData("""{"jobID": "1", "status": "failed", "exception": {"title": "No paper.", "status": 507}}""", 507, "No paper.")]
    [InlineData("""{"progress": 100, "status": 77, "message": "No paper."}""", 77, "No paper.")]
    [InlineData("""{"jobID": "1", "status": "dismissed"}""", 499, "The service canceled its work.")]
    public async Task Monitor_ThatTellsOfFailure_FailsTheOperation(string body, int status, string message)
    {
        await using Relayed relayed = await Relayed.StartAsync(context => context.Request.Method == "POST"
            ? SlowService.AnswerAsync(context, 202, "", ("Location", "/monitor"), ("Retry-After", Soon))
            : SlowService.AnswerAsync(context, 200, body));

        JsonElement final = await relayed.RunAsync(HttpMethod.Post, "/reports");

        final.Text("state").ShouldBe("failed");
        final.Number("status").ShouldBe(status);
        final.Text("message").ShouldBe(message);
        (await relayed.ResultAsync(final)).Code.ShouldBe(status switch { 77 => 422, 499 => 409, _ => status });
    }

    [Theory]
    [InlineData(302)]
    [InlineData(303)]
    public async Task Monitor_ThatLeadsToTheResult_IsFollowed(int code)
    {
        await using Relayed relayed = await Relayed.StartAsync(context => context.Request.Path.Value switch
        {
            "/monitor" => SlowService.AnswerAsync(context, code, "", ("Location", "/done")),
            "/done" => SlowService.AnswerAsync(context, 200, "text/plain", "here"),
            _ => SlowService.AnswerAsync(context, 202, "", ("Location", "/monitor"), ("Retry-After", Soon)),
        });

        (await relayed.ResultAsync(await relayed.RunAsync(HttpMethod.Post, "/reports"))).ShouldBe(200).Text.ShouldBe("here");
    }

    [Theory]
    [InlineData(303, """{"status":"Failed","jobID":"7","progress":3}""")]
    [InlineData(0, """{"status":"pending","order":7}""")]
    [InlineData(0, """{"progress":55,"course":"Welding"}""")]
    [InlineData(0, """{"name":"Anna","done":false}""")]
    public async Task Result_ThatLooksLikeAStatus_IsTheResult(int code, string result)
    {
        await using Relayed relayed = await Relayed.StartAsync(context => context.Request.Path.Value switch
        {
            "/monitor" when code > 0 => SlowService.AnswerAsync(context, code, "", ("Location", "/done")),
            "/monitor" or "/done" => SlowService.AnswerAsync(context, 200, result),
            _ => SlowService.AnswerAsync(context, 202, "", ("Location", "/monitor"), ("Retry-After", Soon)),
        });

        (await relayed.ResultAsync(await relayed.RunAsync(HttpMethod.Post, "/reports"))).ShouldBe(200).Text.ShouldBe(result);
    }

    [Theory]
    [InlineData("""{"name":"Anna","done":true}""")]
    [InlineData("""{"name":"operations/annual-report","title":"Year"}""")]
    public async Task Answer_WithANameAndOtherMembers_IsNoOperationOfGoogle(string result)
    {
        await using Relayed relayed = await Relayed.StartAsync(context => SlowService.AnswerAsync(context, 200, result));

        (await relayed.ResultAsync(await relayed.RunAsync(HttpMethod.Post, "/reports"))).ShouldBe(200).Text.ShouldBe(result);
    }

    [Theory]
    [InlineData("""{"id":5,"status":"accepted","order":true}""")]
    [InlineData("""{"id":5,"status":"Running"}""")]
    [InlineData("""{"progress":0,"status":0}""")]
    public async Task Created_WithAStatusOfItsOwn_IsTheResult(string result)
    {
        await using Relayed relayed = await Relayed.StartAsync(context => SlowService.AnswerAsync(context, 201, result, ("Location", "/orders/5")));

        (await relayed.ResultAsync(await relayed.RunAsync(HttpMethod.Post, "/reports"))).ShouldBe(200).Text.ShouldBe(result);
        relayed.Service.All.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("text/event-stream", "data: {0}\r\n")]
    [InlineData("application/jsonl", "{0}")]
    public async Task StatusLine_WithoutAnEnd_IsNotKeptInMemory(string mediaType, string part)
    {
        await using Relayed relayed = await Relayed.StartAsync(async context =>
        {
            context.Response.ContentType = mediaType;
            await context.Response.WriteAsync(mediaType == "application/jsonl" ? "{\"progress\": 1}\n" : "data: {\"progress\": 1}\n\n", context.RequestAborted);
            while (true)
            {
                await WriteAsync(context, part, new string('x', 10_000));
            }
        });

        (await relayed.RunAsync(HttpMethod.Post, "/reports")).Number("status").ShouldBe(502);
    }

    [Fact]
    public async Task Monitor_OutOfOrderForAWhile_IsAskedAgain()
    {
        int asked = 0;
        await using Relayed relayed = await Relayed.StartAsync(context =>
        {
            if (context.Request.Method == "POST")
            {
                return SlowService.AnswerAsync(context, 202, "", ("Location", "/monitor"), ("Retry-After", Soon));
            }

            if (Interlocked.Increment(ref asked) is 1)
            {
                context.Abort();
                return Task.CompletedTask;
            }

            return SlowService.AnswerAsync(context, asked == 2 ? 503 : 200, "7");
        });

        (await relayed.ResultAsync(await relayed.RunAsync(HttpMethod.Post, "/reports"))).ShouldBe(200).Text.ShouldBe("7");
    }

    [Theory]
    [InlineData("text/event-stream", "data: {0}\n\n")]
    [InlineData("application/jsonl", "{0}\n")]
    [InlineData("application/x-ndjson", "{0}\n")]
    public async Task StatusLines_OfTheAnswer_AreTheOperationsProgress(string mediaType, string line)
    {
        var goOn = new Signal();
        await using Relayed relayed = await Relayed.StartAsync(async context =>
        {
            context.Response.ContentType = mediaType;
            await WriteAsync(context, line, """{"progress": 25, "activity": "Printing"}""");
            await goOn.WaitAsync(context.RequestAborted);
            await WriteAsync(context, line, """{"progress": 100, "status": 0, "message": "Printed.", "result": {"pages": 3}}""");
        });

        string uri = (await relayed.SubmitAsync(HttpMethod.Post, "/reports")).Uri;
        (await relayed.Client.WaitAsync(uri, status => status.Number("progress") == 25)).Text("activity").ShouldBe("Printing");
        goOn.Set();
        JsonElement final = await relayed.Client.WaitForEndAsync(uri);

        final.Text("message").ShouldBe("Printed.");
        (await relayed.ResultAsync(final)).Json.Number("pages").ShouldBe(3);
    }

    [Fact]
    public async Task JsonLines_ThatAreNoStatus_AreTheResult()
    {
        const string lines = "{\"row\":1}\n{\"row\":2}\n";
        await using Relayed relayed = await Relayed.StartAsync(context => SlowService.AnswerAsync(context, 200, "application/jsonl", lines));

        (await relayed.ResultAsync(await relayed.RunAsync(HttpMethod.Post, "/reports"))).ShouldBe(200).Text.ShouldBe(lines);
    }

    [Fact]
    public async Task StatusLines_WithoutAnEnd_AreAFailure()
    {
        await using Relayed relayed = await Relayed.StartAsync(context => SlowService.AnswerAsync(context, 200, "text/event-stream", "data: {\"progress\": 25}\n\n"));

        JsonElement final = await relayed.RunAsync(HttpMethod.Post, "/reports");

        final.Number("status").ShouldBe(502);
        final.Text("message")!.ShouldContain("outcome is not known");
        relayed.Service.All.Count.ShouldBe(1);
    }

    /// <summary>The gateway speaks the forms that it understands: one in front of another.</summary>
    [Fact]
    public async Task Gateway_BehindAGateway_IsRelayedWithItsProgress()
    {
        await using TestSupport.InProcess.GatewayServer inner = await TestSupport.InProcess.GatewayServer.StartAsync();
        await using TestSupport.InProcess.GatewayServer outer = await TestSupport.InProcess.GatewayServer.StartAsync(new()
        {
            ["Relay:Routes:0:Path"] = "/steps",
            ["Relay:Routes:0:Target"] = inner.Client.Address + "operations/demo.steps",
        });

        string uri = (await outer.Client.PostAsync("/steps", new { steps = 2, stepMs = 1, result = 42, message = "Both done." })).ShouldBe(202).Uri;
        JsonElement final = await outer.Client.WaitForEndAsync(uri);

        final.Text("message").ShouldBe("Both done.");
        (await outer.Client.GetAsync(uri + "/result")).ShouldBe(200).Text.ShouldBe("42");
    }

    private static async Task WriteAsync(HttpContext context, string line, string json)
    {
        await context.Response.WriteAsync(line.Replace("{0}", json, StringComparison.Ordinal), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
