using System.Text.Json;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Submission;

public sealed class SubmitTests(SharedServer shared) : SharedServerTests(shared)
{
    [Fact]
    public async Task Post_ValidInput_Answers202WithLocationRetryAfterAndTheInitialStatus()
    {
        DateTimeOffset before = TimeProvider.System.GetUtcNow().AddSeconds(-1);

        Answer answer = await Client.SubmitAsync(Inputs.Demo, Inputs.Endless);

        JsonElement status = answer.Json;
        answer["Content-Type"].ShouldBe("application/json");
        answer["Location"].ShouldBe(answer.Uri);
        int.Parse(answer["Retry-After"]!).ShouldBeInRange(1, 30);
        answer["ETag"].ShouldBe($"W/\"{status.Number("version")}\"");
        answer.Uri.ShouldBe($"{Client.Address}operations/demo.steps/{status.Text("id")}");
        status.Number("progress").ShouldBe(0);
        status.Text("state").ShouldBe("queued");
        status.Text("type").ShouldBe("demo.steps");
        status.Number("attempt").ShouldBe(0);
        status.Instant("createdAt")!.Value.ShouldBeGreaterThan(before);
        status.Text("createdAt")!.ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$");
        foreach (string absent in (string[])["status", "message", "startedAt", "endedAt", "result", "error", "tags", "activity", "resubmissionOf", "resubmittedAs", "input"])
        {
            status.Has(absent).ShouldBeFalse(absent);
        }
    }

    [Fact]
    public async Task Post_Twice_MakesTimeOrderedIdsThatDiffer()
    {
        string first = (await Client.SubmitAsync(Inputs.Demo, Inputs.Quick)).Json.Text("id")!;
        await Client.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 5 });
        string second = (await Client.SubmitAsync(Inputs.Demo, Inputs.Quick)).Json.Text("id")!;

        string.CompareOrdinal(first, second).ShouldBeLessThan(0);
        first.ShouldMatch("^[A-Za-z0-9_-][A-Za-z0-9._~-]{0,127}$");
    }

    [Fact]
    public async Task Status_AtOnceAfterThe202_IsThere()
    {
        Answer submitted = await Client.SubmitAsync(Inputs.Demo, Inputs.Endless);

        (await Client.GetAsync(submitted.Uri)).ShouldBe(202);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("_")]
    [InlineData("-x.y~z")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456z")]
    public async Task Put_OwnId_IsTheOperationsId(string id)
    {
        Answer answer = (await Client.PutAsync($"/operations/demo.steps/{id}", Inputs.Quick)).ShouldBe(202);

        answer["Location"].ShouldBe($"{Client.Address}operations/demo.steps/{id}");
        answer.Json.Text("id").ShouldBe(id);
        (await Client.WaitForEndAsync(answer.Uri)).Number("status").ShouldBe(0);
    }

    [Fact]
    public async Task Put_SameIdOfAnotherType_IsAnotherOperation()
    {
        (await Client.PutAsync("/operations/demo.steps/shared-id", Inputs.Quick)).ShouldBe(202);

        (await Client.PutAsync("/operations/test.script/shared-id", Inputs.Empty)).ShouldBe(202);
    }

    [Fact]
    public async Task Post_StreamedType_StoresTheBytesAndTheMediaType()
    {
        byte[] csv = Inputs.CsvOf(1000);
        Answer submitted = (await Client.SendAsync(HttpMethod.Post, "/operations/csv.profile", GatewayClient.Body(csv, "text/csv; charset=utf-8"))).ShouldBe(202);

        Answer input = (await Client.GetAsync(submitted.Uri + "/input")).ShouldBe(200);

        input.Body.ShouldBe(csv);
        input["Content-Type"].ShouldBe("text/csv; charset=utf-8");
    }

    [Fact]
    public async Task Post_ChunkedBodies_AreTaken()
    {
        using var json = new StreamContent(new MemoryStream("""{"steps":1,"stepMs":0}"""u8.ToArray()));
        json.Headers.ContentType = new("application/json");

        Answer answer = await Client.SendAsync(HttpMethod.Post, "/operations/demo.steps", json, ("Transfer-Encoding", "chunked"));

        answer.ShouldBe(202);
    }

    [Fact]
    public async Task Post_Tags_StandInEveryStatus()
    {
        Answer answer = await Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?tag.customer=4711&tag.note=a%20b%2Bc%26%C3%A4");

        JsonElement tags = (await Client.WaitForEndAsync(answer.Uri)).GetProperty("tags");

        answer.Json.GetProperty("tags").GetRawText().ShouldBe(tags.GetRawText());
        tags.Text("customer").ShouldBe("4711");
        tags.Text("note").ShouldBe("a b+c&ä");
    }

    [Fact]
    public async Task Post_Delay_StartsNoSooner()
    {
        Answer answer = await Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?delay=PT0.5S");

        JsonElement status = await Client.WaitForEndAsync(answer.Uri);

        (status.Instant("startedAt") - status.Instant("createdAt"))!.Value.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public async Task Post_NotBefore_StartsNoSooner()
    {
        DateTimeOffset due = TimeProvider.System.GetUtcNow().AddSeconds(0.7);

        JsonElement status = await Client.RunAsync(Inputs.Demo, Inputs.Quick, "?notBefore=" + GatewayClient.Text(due));

        status.Instant("startedAt")!.Value.ShouldBeGreaterThanOrEqualTo(due.AddMilliseconds(-1));
    }

    [Fact]
    public async Task Post_LongDelay_SuggestsToComeBackLater()
    {
        Answer answer = await Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?delay=PT10M");

        answer["Retry-After"].ShouldBe("30");
        answer.Json.Text("state").ShouldBe("queued");
    }

    [Fact]
    public async Task Post_Ttl_IsTheTimeBetweenEndAndExpiry()
    {
        JsonElement status = await Client.RunAsync(Inputs.Demo, Inputs.Quick, "?ttl=PT90M");

        (status.Instant("expiresAt") - status.Instant("endedAt")).ShouldBe(TimeSpan.FromMinutes(90));
    }

    [Fact]
    public async Task Post_NoTtl_IsKeptForADay()
    {
        JsonElement status = await Client.RunAsync(Inputs.Demo, Inputs.Quick);

        (status.Instant("expiresAt") - status.Instant("endedAt")).ShouldBe(TimeSpan.FromDays(1));
    }
}
