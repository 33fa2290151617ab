using System.Text.Json;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Waiting;

public sealed class AzureProfileTests(SharedServer shared) : SharedServerTests(shared)
{
    [Fact]
    public async Task Submit_AzureProfile_AnswersOperationLocationThatSpeaksIt()
    {
        Answer answer = await Client.SubmitAsync(Inputs.Demo, Inputs.Endless, "?profile=azure");

        answer["Location"].ShouldBeNull();
        answer["Retry-After"].ShouldNotBeNull();
        answer.Json.Text("status").ShouldBe("NotStarted");
        Answer poll = (await Client.GetAsync(answer["Operation-Location"]!)).ShouldBe(200);
        poll.Json.Text("id").ShouldBe(answer.Json.Text("id"));
        poll.Json.Text("kind").ShouldBe("demo.steps");
        poll.Json.Text("status").ShouldBeOneOf("NotStarted", "Running");
        poll.Json.Number("percentComplete")!.Value.ShouldBeInRange(0, 99);
        poll.Json.Has("error").ShouldBeFalse();
        poll.Json.Has("resourceLocation").ShouldBeFalse();
        poll["Retry-After"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Poll_Succeeded_TellsWhereTheResultIs()
    {
        JsonElement status = await Client.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, result = 7 });
        string uri = status.Text("uri")!;

        Answer poll = (await Client.GetAsync(uri + "?profile=azure")).ShouldBe(200);

        poll.Json.Text("status").ShouldBe("Succeeded");
        poll.Json.Number("percentComplete").ShouldBe(100);
        poll.Json.Text("resourceLocation").ShouldBe(uri + "/result");
        poll["Retry-After"].ShouldBeNull();
    }

    [Fact]
    public async Task Poll_Failed_TellsTheError()
    {
        JsonElement status = await Client.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, failAt = 1, failStatus = 42, message = "No." });

        Answer poll = (await Client.GetAsync(status.Text("uri") + "?profile=azure")).ShouldBe(200);

        poll.Json.Text("status").ShouldBe("Failed");
        poll.Json.GetProperty("error").Text("code").ShouldBe("42");
        poll.Json.GetProperty("error").Text("message").ShouldBe("No.");
    }

    [Fact]
    public async Task Poll_Canceled_SaysSo()
    {
        Answer submitted = await Client.SubmitAsync(Inputs.Demo, Inputs.Endless);
        await Client.PostAsync(submitted.Uri + "/cancel");
        await Client.WaitForEndAsync(submitted.Uri);

        (await Client.GetAsync(submitted.Uri + "?profile=azure")).ShouldBe(200).Json.Text("status").ShouldBe("Canceled");
    }

    [Fact]
    public async Task LongPoll_AzureProfile_WaitsToo()
    {
        Answer submitted = await Client.SubmitAsync(Inputs.Demo, new { steps = 3, stepMs = 50 }, "?profile=azure");

        Answer poll = (await Client.GetAsync(submitted["Operation-Location"]!, ("Prefer", "wait=10"))).ShouldBe(200);

        poll.Json.Text("status").ShouldBe("Succeeded");
    }
}
