using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Submission;

public sealed class PreferTests(SharedServer shared) : SharedServerTests(shared)
{
    [Fact]
    public async Task Post_WaitLongEnough_Answers200WithTheFinalStatus()
    {
        Answer answer = (await Client.PostAsync("/operations/demo.steps", new { steps = 2, stepMs = 50, message = "Ready." }, ("Prefer", "wait=10"))).ShouldBe(200);

        answer["Preference-Applied"].ShouldBe("wait=10");
        answer["Location"].ShouldBe(answer.Uri);
        answer["Retry-After"].ShouldBeNull();
        answer.Json.Number("progress").ShouldBe(100);
        answer.Json.Number("status").ShouldBe(0);
        answer.Json.Text("message").ShouldBe("Ready.");
    }

    [Fact]
    public async Task Post_WaitTooShort_Answers202WithThePresentProgress()
    {
        Answer answer = (await Client.PostAsync("/operations/demo.steps", new { steps = 100, stepMs = 100 }, ("Prefer", "wait=3"))).ShouldBe(202);

        answer["Preference-Applied"].ShouldBe("wait=3");
        answer["Retry-After"].ShouldNotBeNull();
        answer.Json.Number("progress")!.Value.ShouldBeInRange(1, 99);
        answer.Json.Text("state").ShouldBe("running");
    }

    [Fact]
    public async Task Post_RespondAsync_DoesNotWait()
    {
        Answer answer = (await Client.PostAsync("/operations/demo.steps", Inputs.Endless, ("Prefer", "respond-async"))).ShouldBe(202);

        answer["Preference-Applied"].ShouldBe("respond-async");
    }

    [Theory]
    [InlineData("wait=1000", "wait=60")]
    [InlineData("wait=\"7\"", "wait=7")]
    [InlineData("WAIT = 7", "wait=7")]
    [InlineData("return=minimal, wait=7; foo=bar", "wait=7")]
    [InlineData("respond-async, wait=7", "respond-async, wait=7")]
    [InlineData("wait=7, wait=9", "wait=7")]
    public async Task Post_Preferences_AreAppliedAsSaid(string prefer, string applied)
    {
        Answer answer = (await Client.PostAsync("/operations/demo.steps", Inputs.Quick, ("Prefer", prefer))).ShouldBe(200);

        answer["Preference-Applied"].ShouldBe(applied);
    }

    [Theory]
    [InlineData("wait=-1")]
    [InlineData("wait=soon")]
    [InlineData("return=minimal")]
    [InlineData(",;=,")]
    public async Task Post_PreferencesNotUnderstood_AreIgnored(string prefer)
    {
        Answer answer = (await Client.PostAsync("/operations/demo.steps", Inputs.Endless, ("Prefer", prefer))).ShouldBe(202);

        answer["Preference-Applied"].ShouldBeNull();
    }

    [Fact]
    public async Task Put_AgainWithWait_WaitsForTheEndOfTheFirst()
    {
        object input = new { steps = 5, stepMs = 50 };
        (await Client.PutAsync("/operations/demo.steps/wait-again", input)).ShouldBe(202);

        Answer again = await Client.PutAsync("/operations/demo.steps/wait-again", input, ("Prefer", "wait=10"));

        again.ShouldBe(200).Json.Number("attempt").ShouldBe(1);
    }
}
