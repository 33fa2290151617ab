using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Lifetime;

public sealed class DeleteTests(SharedServer shared) : SharedServerTests(shared)
{
    private static readonly string[] Resources = ["", "/result", "/input", "/history"];

    [Fact]
    public async Task Delete_Ended_Is204AndThenGone()
    {
        string uri = (await Client.RunAsync(Inputs.Demo, Inputs.Quick, "?tag.deleted=1")).Text("uri")!;

        (await Client.DeleteAsync(uri)).ShouldBe(204);

        foreach (string resource in Resources)
        {
            (await Client.GetAsync(uri + resource)).ShouldBeProblem(410);
        }

        (await Client.GetAsync(uri, ("Prefer", "wait=5"))).ShouldBeProblem(410);
        (await Client.GetAsync(uri, ("Accept", "text/event-stream"))).ShouldBeProblem(410);
        (await Client.DeleteAsync(uri)).ShouldBeProblem(410);
        (await Client.PostAsync(uri + "/cancel")).ShouldBeProblem(410);
        (await Client.PostAsync(uri + "/resubmit")).ShouldBeProblem(410);
        (await Client.GetAsync("/operations?tag.deleted=1")).Json.GetProperty("operations").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Delete_Running_IsCanceledFirstThenGone()
    {
        string uri = (await Client.SubmitAsync(Inputs.Demo, Inputs.Endless)).Uri;
        await Client.WaitForStateAsync(uri, "running");
        await using EventStream stream = await Client.WatchAsync(uri);

        (await Client.DeleteAsync(uri)).ShouldBe(202);

        (await stream.ToEndAsync())[^1].Text("state").ShouldBe("canceled");
        (await Client.GetAsync(uri)).ShouldBeProblem(410);
    }

    [Fact]
    public async Task Delete_Queued_IsGone()
    {
        string uri = (await Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?delay=PT1H")).Uri;

        (await Client.DeleteAsync(uri)).Code.ShouldBeOneOf(202, 204);

        (await Client.GetAsync(uri)).ShouldBeProblem(410);
    }

    [Fact]
    public async Task Put_DeletedId_Is410AndStartsNothing()
    {
        const string path = "/operations/demo.steps/deleted-id";
        await Client.PutAsync(path, Inputs.Quick);
        await Client.WaitForEndAsync(path);
        (await Client.DeleteAsync(path)).ShouldBe(204);

        (await Client.PutAsync(path, Inputs.Quick)).ShouldBeProblem(410);
    }

    [Fact]
    public async Task Delete_NotThere_Is404() => (await Client.DeleteAsync("/operations/demo.steps/nowhere")).ShouldBeProblem(404);
}
