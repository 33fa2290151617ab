using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Hosting;

/// <summary>Errors that others than the gateway's own endpoints make have the one form too.</summary>
public sealed class ProblemFormTests(SharedServer shared) : SharedServerTests(shared)
{
    [Theory]
    [InlineData("GET", "/hubs/operations", 400)]
    [InlineData("POST", "/hubs/operations", 400)]
    [InlineData("GET", "/hubs/operations?id=there-is-no-such-thing", 404)]
    [InlineData("DELETE", "/hubs/operations?id=there-is-no-such-thing", 404)]
    [InlineData("GET", "/hubs/operations/negotiate", 405)]
    public async Task Hub_WhatSignalRRefuses_IsAProblem(string method, string path, int code) =>
        (await Client.SendAsync(new HttpMethod(method), path, null)).ShouldBeProblem(code);

    [Fact]
    public async Task Hub_ManyRefusalsAtOnce_AreProblems() =>
        await Parallel.ForAsync(0, 500, TestContext.Current.CancellationToken, async (_, _) => (await Client.GetAsync("/hubs/operations")).ShouldBeProblem(400));

    [Fact]
    public async Task Errors_MethodThatThePathDoesNotKnow_NameThoseItKnows() =>
        (await Client.SendAsync(HttpMethod.Patch, "/openapi/v1.json", null)).ShouldBeProblem(405).Json.Text("detail").ShouldBe("This path is not for PATCH. It knows GET, HEAD.");

    [Theory]
    [InlineData("PATCH", "/deliveries", 405)]
    [InlineData("PATCH", "/mailboxes", 405)]
    [InlineData("GET", "/subscriptions/a/b/c/d", 404)]
    [InlineData("GET", "/there/is/nothing", 404)]
    [InlineData("PUT", "/health/ready/not", 404)]
    public async Task Errors_ClientThatWantsNoJson_AreProblems(string method, string path, int code)
    {
        foreach (string accept in (string[])["text/html", "text/event-stream", "application/jsonl;q=NaN"])
        {
            (await Client.SendAsync(new HttpMethod(method), path, null, ("Accept", accept))).ShouldBeProblem(code);
        }
    }
}
