using System.Text.Json;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Lifetime;

public sealed class ResubmitTests(SharedServer shared) : SharedServerTests(shared)
{
    [Fact]
    public async Task Resubmit_Ended_RunsTheSameInputAnewAndLinksBoth()
    {
        const string body = """{"steps":2,"stepMs":1,"result":{"n":1}}""";
        JsonElement first = await Client.RunAsync(Inputs.Demo, body, "?tag.t=1");
        string uri = first.Text("uri")!;

        Answer answer = (await Client.PostAsync(uri + "/resubmit")).ShouldBe(202);

        answer["Location"].ShouldBe(answer.Uri);
        answer.Uri.ShouldNotBe(uri);
        answer.Json.Number("progress").ShouldBe(0);
        answer.Json.Text("resubmissionOf").ShouldBe(uri);
        answer.Json.GetProperty("tags").Text("t").ShouldBe("1");
        JsonElement second = await Client.WaitForEndAsync(answer.Uri);
        second.Number("status").ShouldBe(0);
        (await Client.GetAsync(second.Text("result")!)).Text.ShouldBe("""{"n":1}""");
        (await Client.GetAsync(answer.Uri + "/input")).Text.ShouldBe(body);
        Answer linked = (await Client.GetAsync(uri)).ShouldBe(200);
        linked.Json.Text("resubmittedAs").ShouldBe(answer.Uri);
        linked.Json.Number("version")!.Value.ShouldBeGreaterThan(first.Number("version")!.Value);
    }

    [Fact]
    public async Task Resubmit_Unfinished_Is409()
    {
        Answer submitted = await Client.SubmitAsync(Inputs.Demo, Inputs.Endless);

        (await Client.PostAsync(submitted.Uri + "/resubmit")).ShouldBeProblem(409);
    }

    [Fact]
    public async Task Resubmit_LargeInput_OutlivesTheFirst()
    {
        byte[] csv = Inputs.CsvOf(400_000);
        Answer first = (await Client.SendAsync(HttpMethod.Post, "/operations/csv.profile", GatewayClient.Body(csv, "text/csv"))).ShouldBe(202);
        await Client.WaitForEndAsync(first.Uri);
        Answer second = (await Client.PostAsync(first.Uri + "/resubmit")).ShouldBe(202);
        (await Client.DeleteAsync(first.Uri)).ShouldBe(204);

        (await Client.WaitForEndAsync(second.Uri)).Number("status").ShouldBe(0);
        (await Client.GetAsync(second.Uri + "/input")).Body.ShouldBe(csv);
    }
}
