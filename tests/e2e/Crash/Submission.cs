using System.Text.Json;
using RealtimeOps.TestSupport;
using Shouldly;

namespace RealtimeOps.E2ETests.Crash;

/// <summary>One thing to submit, and how it must end whatever happens in between.</summary>
/// <param name="Number">Tells it from the others.</param>
/// <param name="Type">The operation type.</param>
/// <param name="Id">Chosen by the client; null to let the server choose, with an Idempotency-Key.</param>
/// <param name="Body">Makes the body, anew for each try.</param>
/// <param name="Status">The status of its end.</param>
/// <param name="Message">The message of its end; null when it names the attempt.</param>
/// <param name="LeastAttempts">So many attempts it needs even if nothing is killed.</param>
/// <param name="CheckResult">Judges the answer of <c>/result</c>.</param>
internal sealed record Submission(
    int Number, string Type, string? Id, Func<HttpContent> Body, int Status, string? Message, int LeastAttempts, Action<Answer> CheckResult)
{
    /// <summary>The same request each time it is repeated.</summary>
    public Task<Answer> SendAsync(GatewayClient client) => Id is null
        ? client.SendAsync(HttpMethod.Post, $"/operations/{Type}?tag.by=crash-test", Body(), ("Idempotency-Key", $"\"submission-{Number}\""))
        : client.SendAsync(HttpMethod.Put, $"/operations/{Type}/{Id}?tag.by=crash-test", Body());

    public void CheckEnd(JsonElement final, Answer result)
    {
        string story = $"Submission {Number}: {final}";
        final.Number("progress").ShouldBe(100, story);
        final.Text("state").ShouldBe(Status == 0 ? "succeeded" : "failed", story);
        final.Number("status").ShouldBe(Status, story);
        final.Text("message").ShouldBe(Message ?? $"Attempt {final.Number("attempt")} failed, as asked.", story);
        final.Number("attempt")!.Value.ShouldBeGreaterThanOrEqualTo(LeastAttempts, story);
        CheckResult(result);
    }
}
