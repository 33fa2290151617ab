using System.Text.Json;
using RealtimeOps.Execution;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Waiting;

public sealed class PollTests(SharedServer shared) : SharedServerTests(shared)
{
    [Fact]
    public async Task Get_Unfinished_Is202WithEverythingAPollerNeeds()
    {
        Answer submitted = await Client.SubmitAsync(Inputs.Demo, new { steps = 1000, stepMs = 20 });
        await Client.WaitAsync(submitted.Uri, status => status.Number("progress") >= 2);

        Answer answer = (await Client.GetAsync(submitted.Uri)).ShouldBe(202);

        JsonElement status = answer.Json;
        answer["Content-Type"].ShouldBe("application/json");
        answer["ETag"].ShouldBe($"W/\"{status.Number("version")}\"");
        answer["Cache-Control"].ShouldBe("no-cache");
        int.Parse(answer["Retry-After"]!).ShouldBeInRange(1, 30);
        answer["Location"].ShouldBeNull();
        Links(answer).ShouldBe([("monitor", submitted.Uri), ("result", submitted.Uri + "/result"), ("cancel", submitted.Uri + "/cancel"), ("history", submitted.Uri + "/history")], ignoreOrder: true);
        status.Number("progress")!.Value.ShouldBeInRange(2, 99);
        status.Text("state").ShouldBe("running");
        status.Text("activity")!.ShouldMatch("Step \\d+ of 1000");
        status.Number("attempt").ShouldBe(1);
        status.Instant("estimatedEndAt")!.Value.ShouldBeGreaterThan(status.Instant("startedAt")!.Value);
        foreach (string absent in (string[])["status", "message", "endedAt", "result", "error"])
        {
            status.Has(absent).ShouldBeFalse(absent);
        }
    }

    [Fact]
    public async Task Get_Ended_Is200WithTheOutcome()
    {
        JsonElement status = await Client.RunAsync(Inputs.Demo, new { steps = 3, stepMs = 1, message = "Grüße & <done>", result = new { answer = 42 } });

        Answer answer = (await Client.GetAsync(status.Text("uri")!)).ShouldBe(200);

        answer["Retry-After"].ShouldBeNull();
        Links(answer).Select(link => link.Rel).ShouldContain("result");
        status = answer.Json;
        status.Number("progress").ShouldBe(100);
        status.Number("status").ShouldBe(0);
        status.Text("message").ShouldBe("Grüße & <done>");
        status.Text("state").ShouldBe("succeeded");
        status.Text("result").ShouldBe(answer.Uri + "/result");
        status.Instant("endedAt")!.Value.ShouldBeGreaterThanOrEqualTo(status.Instant("startedAt")!.Value);
        status.Has("activity").ShouldBeFalse();
        status.Has("error").ShouldBeFalse();
        status.Has("estimatedEndAt").ShouldBeFalse();
        answer.Text.ShouldNotContain("answer");
        answer.Text.ShouldNotContain(":null");
    }

    [Fact]
    public async Task Get_Failed_Is200WithTheError()
    {
        JsonElement status = await Client.RunAsync(Inputs.Demo, new { steps = 3, stepMs = 1, failAt = 2, failStatus = 17, message = "It broke." });

        status.Number("progress").ShouldBe(100);
        status.Number("status").ShouldBe(17);
        status.Text("message").ShouldBe("It broke.");
        status.Text("state").ShouldBe("failed");
        status.Number("attempt").ShouldBe(1);
        status.Has("result").ShouldBeFalse();
        JsonElement error = status.GetProperty("error");
        error.Text("type").ShouldNotBeNull();
        error.Text("title").ShouldNotBeNull();
        error.Text("detail").ShouldBe("It broke.");
        error.Number("status").ShouldNotBeNull();
    }

    [Fact]
    public async Task Get_KnownVersion_Is304()
    {
        JsonElement status = await Client.RunAsync(Inputs.Demo, Inputs.Quick);
        string uri = status.Text("uri")!;
        string tag = $"W/\"{status.Number("version")}\"";

        Answer same = (await Client.GetAsync(uri, ("If-None-Match", tag))).ShouldBe(304);
        same.Body.ShouldBeEmpty();
        same["ETag"].ShouldBe(tag);
        (await Client.GetAsync(uri, ("If-None-Match", "\"1\", " + tag))).ShouldBe(304);
        (await Client.GetAsync(uri, ("If-None-Match", "*"))).ShouldBe(304);
        (await Client.GetAsync(uri, ("If-None-Match", "W/\"1\""))).ShouldBe(200);
        (await Client.GetAsync(uri, ("If-None-Match", "garbage"))).ShouldBe(200);
    }

    [Fact]
    public async Task Head_Ended_AnswersTheHeadersOnly()
    {
        JsonElement status = await Client.RunAsync(Inputs.Demo, Inputs.Quick);

        Answer answer = (await Client.SendAsync(HttpMethod.Head, status.Text("uri")!, null)).ShouldBe(200);

        answer["ETag"].ShouldBe($"W/\"{status.Number("version")}\"");
        answer.Body.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/operations/demo.steps/never-there")]
    [InlineData("/operations/no.type/never-there")]
    [InlineData("/operations/demo.steps/~malformed")]
    [InlineData("/operations/demo.steps/never-there/result")]
    [InlineData("/operations/demo.steps/never-there/input")]
    [InlineData("/operations/demo.steps/never-there/history")]
    [InlineData("/operations/demo.steps/never-there/nothing")]
    [InlineData("/operations/demo.steps/a/b/c/d")]
    [InlineData("/operations/DEMO.STEPS/x")]
    [InlineData("/no/such/path")]
    public async Task Get_WhatIsNotThere_Is404(string path) => (await Client.GetAsync(path)).ShouldBeProblem(404);

    [Theory]
    [InlineData("/Operations/no.such.type")]
    [InlineData("/OPERATIONS/demo.steps/never-there")]
    public async Task Get_PathInOtherLetters_IsA404ProblemToo(string path) => (await Client.GetAsync(path)).ShouldBeProblem(404);

    [Theory]
    [InlineData("PUT", "/operations/demo.steps", "GET")]
    [InlineData("DELETE", "/operations", "GET")]
    [InlineData("POST", "/operations/demo.steps/x", "GET")]
    [InlineData("POST", "/operation-types", "GET")]
    [InlineData("GET", "/operations/demo.steps/x/cancel", "POST")]
    public async Task Any_MethodThatIsNotServed_Is405AndSaysWhichAre(string method, string path, string allowed) =>
        (await Client.SendAsync(new HttpMethod(method), path, null)).ShouldBeProblem(405)["Allow"]!.ShouldContain(allowed);

    [Fact]
    public async Task Get_Queued_TellsTheQueuePosition()
    {
        var release = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(
            new() { ["Operations:test.script:Concurrency"] = "1" },
            async (_, _, cancellation) =>
            {
                await release.WaitAsync(cancellation);
                return OperationResult.None;
            });
        Answer first = await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty);
        await server.Client.WaitForStateAsync(first.Uri, "running");
        Answer second = await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty);
        Answer third = await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty);

        Answer waiting = (await server.Client.GetAsync(third.Uri)).ShouldBe(202);
        release.Set();

        waiting.Json.Number("queuePosition").ShouldBe(1);
        waiting.Json.Number("version").ShouldBe(third.Json.Number("version"));
        (await server.Client.WaitForEndAsync(second.Uri)).Has("queuePosition").ShouldBeFalse();
        await server.Client.WaitForEndAsync(third.Uri);
    }

    private static List<(string Rel, string Uri)> Links(Answer answer) =>
        [.. answer["Link"]!.Split(", ").Select(link => link.Split("; ")).Select(parts => (parts[1]["rel=\"".Length..^1], parts[0][1..^1]))];
}
