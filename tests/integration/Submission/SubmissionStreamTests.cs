using System.Text.Json;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Submission;

/// <summary>The hanging connection: a submission that is answered with the stream of its operation.</summary>
public sealed class SubmissionStreamTests(SharedServer shared) : SharedServerTests(shared)
{
    [Fact]
    public async Task Post_AcceptEventStream_Is202WithTheInitialStatusFirstAndTheFinalLast()
    {
        await using EventStream stream = await Client.StreamAsync(HttpMethod.Post, "/operations/demo.steps", GatewayClient.Json(new { steps = 5, stepMs = 20 }));
        List<JsonElement> all = await stream.ToEndAsync();

        ((int)stream.Response.StatusCode).ShouldBe(202);
        stream.Response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        stream.Response.Headers.Location!.AbsoluteUri.ShouldBe(all[0].Text("uri"));
        stream.ReconnectionInterval.ShouldBe(TimeSpan.FromSeconds(2));
        all[0].Number("progress").ShouldBe(0);
        all[0].Text("state").ShouldBe("queued");
        all[^1].Number("progress").ShouldBe(100);
        all.Zip(all.Skip(1)).ShouldAllBe(pair => pair.First.Number("version") < pair.Second.Number("version"));
    }

    [Fact]
    public async Task Post_AcceptJsonLines_IsAStatusALine()
    {
        Answer answer = await Client.PostAsync("/operations/demo.steps", new { steps = 5, stepMs = 20 }, ("Accept", "application/jsonl"));

        JsonElement[] all = [.. answer.ShouldBe(202).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

        answer["Content-Type"].ShouldBe("application/jsonl");
        answer["Location"].ShouldBe(all[0].Text("uri"));
        all[0].Number("progress").ShouldBe(0);
        all[^1].Number("progress").ShouldBe(100);
    }

    [Fact]
    public async Task Put_AgainWithEventStream_JoinsTheFirst()
    {
        object input = new { steps = 5, stepMs = 50 };
        Answer first = (await Client.PutAsync("/operations/demo.steps/joined", input)).ShouldBe(202);

        await using EventStream stream = await Client.StreamAsync(HttpMethod.Put, "/operations/demo.steps/joined", GatewayClient.Json(input));
        List<JsonElement> all = await stream.ToEndAsync();

        all.ShouldAllBe(status => status.Text("uri") == first.Uri);
        all[^1].Number("attempt").ShouldBe(1);
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("application/jsonl")]
    public async Task Post_InvalidInput_IsAPlainProblem(string accept) =>
        (await Client.PostAsync("/operations/demo.steps", "{}", ("Accept", accept))).ShouldBeProblem(400);

    [Fact]
    public async Task Post_ClientLeaves_TheOperationGoesOn()
    {
        string uri;
        await using (EventStream stream = await Client.StreamAsync(HttpMethod.Post, "/operations/demo.steps", GatewayClient.Json(new { steps = 10, stepMs = 30 })))
        {
            uri = (await stream.NextStatusAsync())!.Value.Text("uri")!;
        }

        (await Client.WaitForEndAsync(uri)).Number("status").ShouldBe(0);
    }
}
