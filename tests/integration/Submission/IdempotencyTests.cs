using System.Text.Json;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Submission;

public sealed class IdempotencyTests(SharedServer shared) : SharedServerTests(shared)
{
    [Theory]
    [InlineData("""{"steps":3,"stepMs":1000,"result":{"a":1,"b":[1,2]}}""")]
    [InlineData("""{ "result": {"b":[1.0, 2e0], "\u0061": 1}, "stepMs": 1e3, "steps": 3 }""")]
    public async Task Put_SameJsonValueAgain_AnswersThePresentStatusAndStartsNothing(string again)
    {
        string path = "/operations/demo.steps/same-" + again.Length;
        Answer first = (await Client.PutAsync(path, """{"steps":3,"stepMs":1000,"result":{"a":1,"b":[1,2]}}""")).ShouldBe(202);

        Answer second = (await Client.PutAsync(path + "?tag.other=1&delay=PT1H", again)).ShouldBe(202);

        second.Uri.ShouldBe(first.Uri);
        second["Location"].ShouldBe(first.Uri);
        second["Retry-After"].ShouldNotBeNull();
        second.Json.Text("createdAt").ShouldBe(first.Json.Text("createdAt"));
        second.Json.Has("tags").ShouldBeFalse();
    }

    [Fact]
    public async Task Put_AgainAfterTheEnd_Answers200WithTheFinalStatus()
    {
        Answer first = (await Client.PutAsync("/operations/demo.steps/ended", Inputs.Quick)).ShouldBe(202);
        JsonElement end = await Client.WaitForEndAsync(first.Uri);

        Answer again = (await Client.PutAsync("/operations/demo.steps/ended", Inputs.Quick)).ShouldBe(200);

        again.Text.ShouldBe(end.GetRawText());
    }

    [Fact]
    public async Task Put_OtherInput_Is409AndListsWhatDiffers()
    {
        (await Client.PutAsync("/operations/demo.steps/other", """{"steps":3,"stepMs":1000,"result":{"a":1,"b":[1,2]}}""")).ShouldBe(202);

        Answer conflict = await Client.PutAsync("/operations/demo.steps/other", """{"steps":4,"stepMs":1000,"result":{"a":1,"b":[1,3],"c/d":0},"message":"m"}""");

        conflict.ShouldBeProblem(409).Differences().ShouldBe(["/steps", "/result/b/1", "/result/c~1d", "/message"], ignoreOrder: true);
    }

    [Fact]
    public async Task Put_OtherWebhook_Is409AndSaysSo()
    {
        (await Client.PutAsync("/operations/demo.steps/hooked", new { steps = 1, stepMs = 0, webhook = "https://hooks.invalid/a" })).ShouldBe(202);

        Answer conflict = await Client.PutAsync("/operations/demo.steps/hooked", new { steps = 1, stepMs = 0, webhook = "https://hooks.invalid/b" });

        conflict.ShouldBeProblem(409).Differences().ShouldBe(["/webhook"]);
    }

    [Fact]
    public async Task Put_SameWebhookOnceInTheBodyAndOnceInTheQuery_IsTheSame()
    {
        (await Client.PutAsync("/operations/demo.steps/hooked-twice", new { steps = 1, stepMs = 0, webhook = "https://hooks.invalid/a" })).ShouldBe(202);

        Answer again = await Client.PutAsync("/operations/demo.steps/hooked-twice?webhook=https://hooks.invalid/a", Inputs.Quick);

        again.Code.ShouldBeOneOf(200, 202);
    }

    [Fact]
    public async Task Put_OtherBytesOfAStreamedType_Is409()
    {
        const string path = "/operations/csv.profile/bytes";
        (await Client.SendAsync(HttpMethod.Put, path, GatewayClient.Body("a\n1\n", "text/csv"))).ShouldBe(202);

        (await Client.SendAsync(HttpMethod.Put, path, GatewayClient.Body("a\n1\n", "text/csv"))).Code.ShouldBeOneOf(200, 202);
        (await Client.SendAsync(HttpMethod.Put, path, GatewayClient.Body("a\n2\n", "text/csv"))).ShouldBeProblem(409).Differences().ShouldBe([""]);
    }

    [Fact]
    public async Task Put_ConcurrentDuplicates_StartOne()
    {
        var end = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(script: Scripts.Until(end));

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.Client.PutAsync("/operations/test.script/race", Inputs.Empty)));
        end.Set();

        answers.Select(answer => answer.Code).Distinct().ShouldBe([202]);
        (await server.Client.WaitForEndAsync(answers[0].Uri)).Number("attempt").ShouldBe(1);
    }

    [Fact]
    public async Task Post_SameKeySameInput_AnswersTheSameOperation()
    {
        Answer first = (await Client.PostAsync("/operations/demo.steps", new { steps = 1, stepMs = 0 }, ("Idempotency-Key", "\"k-1\""))).ShouldBe(202);
        Answer second = await Client.PostAsync("/operations/demo.steps", """{"stepMs":0.0,"steps":1}""", ("Idempotency-Key", "\"k-1\""));
        Answer bare = await Client.PostAsync("/operations/demo.steps", new { steps = 1, stepMs = 0 }, ("Idempotency-Key", "k-1"));

        second.Uri.ShouldBe(first.Uri);
        bare.Uri.ShouldBe(first.Uri);
    }

    [Fact]
    public async Task Post_SameKeyOtherInput_Is422AndListsWhatDiffers()
    {
        (await Client.PostAsync("/operations/demo.steps", new { steps = 1, stepMs = 0 }, ("Idempotency-Key", "\"k-2\""))).ShouldBe(202);

        Answer refused = await Client.PostAsync("/operations/demo.steps", new { steps = 2, stepMs = 0 }, ("Idempotency-Key", "\"k-2\""));

        refused.ShouldBeProblem(422).Differences().ShouldBe(["/steps"]);
    }

    [Fact]
    public async Task Post_SameKeyOtherType_Is422()
    {
        (await Client.PostAsync("/operations/demo.steps", Inputs.Quick, ("Idempotency-Key", "\"k-3\""))).ShouldBe(202);

        (await Client.PostAsync("/operations/test.script", Inputs.Empty, ("Idempotency-Key", "\"k-3\""))).ShouldBeProblem(422);
    }

    [Fact]
    public async Task Post_ConcurrentDuplicates_StartOne()
    {
        var end = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(script: Scripts.Until(end));

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.Client.PostAsync("/operations/test.script", Inputs.Empty, ("Idempotency-Key", "\"race\""))));
        end.Set();

        answers.Select(answer => answer.Code).Distinct().ShouldBe([202]);
        answers.Select(answer => answer.Uri).Distinct().ShouldHaveSingleItem();
        (await server.Client.WaitForEndAsync(answers[0].Uri)).Number("attempt").ShouldBe(1);
    }

    [Fact]
    public async Task Post_NoKey_StartsAnotherEachTime()
    {
        Answer first = await Client.SubmitAsync(Inputs.Demo, Inputs.Quick);
        Answer second = await Client.SubmitAsync(Inputs.Demo, Inputs.Quick);

        second.Uri.ShouldNotBe(first.Uri);
    }
}
