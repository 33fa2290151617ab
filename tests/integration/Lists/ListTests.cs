using System.Text.Json;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Lists;

public sealed class ListTests(SharedServer shared) : SharedServerTests(shared)
{
    [Fact]
    public async Task List_Pages_AreNewestFirstAndCompleteWithoutRepetition()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        var submitted = new List<string>();
        for (int i = 0; i < 7; i++)
        {
            submitted.Add((await server.Client.SubmitAsync(i % 2 == 0 ? Inputs.Demo : Inputs.Script, i % 2 == 0 ? Inputs.Quick : Inputs.Empty)).Uri);
        }

        submitted.Reverse();
        (await AllAsync(server.Client, "/operations?pageSize=3")).ShouldBe(submitted);
        (await AllAsync(server.Client, "/operations")).ShouldBe(submitted);
        (await AllAsync(server.Client, "/operations?pageSize=7")).ShouldBe(submitted);
        (await AllAsync(server.Client, "/operations/demo.steps?pageSize=1")).ShouldBe(submitted.Where(uri => uri.Contains("demo.steps")));
    }

    [Fact]
    public async Task List_Empty_IsAnEmptyArrayWithoutToken()
    {
        Answer answer = (await Client.GetAsync("/operations?tag.nobody=has-it")).ShouldBe(200);

        answer["Content-Type"].ShouldBe("application/json");
        answer.Text.ShouldBe("{\"operations\":[]}");
    }

    [Fact]
    public async Task List_Filters_AreCombined()
    {
        string failed = (await Client.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, failAt = 1 }, "?tag.set=f&tag.n=1")).Text("uri")!;
        string done = (await Client.RunAsync(Inputs.Demo, Inputs.Quick, "?tag.set=f&tag.n=2")).Text("uri")!;
        string waiting = (await Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?tag.set=f&tag.n=3&delay=PT1H")).Uri;
        Answer running = await Client.SubmitAsync(Inputs.Demo, Inputs.Endless, "?tag.set=f&tag.n=4");
        await Client.WaitForStateAsync(running.Uri, "running");

        (await AllAsync(Client, "/operations?tag.set=f")).ShouldBe([running.Uri, waiting, done, failed]);
        (await AllAsync(Client, "/operations?tag.set=f&state=failed")).ShouldBe([failed]);
        (await AllAsync(Client, "/operations?tag.set=f&state=failed&state=succeeded")).ShouldBe([done, failed]);
        (await AllAsync(Client, "/operations?tag.set=f&state=queued")).ShouldBe([waiting]);
        (await AllAsync(Client, "/operations?tag.set=f&state=queued&state=running")).ShouldBe([running.Uri, waiting]);
        (await AllAsync(Client, "/operations?tag.set=f&state=running&state=succeeded")).ShouldBe([running.Uri, done]);
        (await AllAsync(Client, "/operations?tag.set=f&state=canceling&state=retrying")).ShouldBeEmpty();
        (await AllAsync(Client, "/operations?tag.set=f&tag.n=2")).ShouldBe([done]);
        (await AllAsync(Client, "/operations/test.script?tag.set=f")).ShouldBeEmpty();
    }

    [Fact]
    public async Task List_CreatedAfterAndBefore_AreExclusiveBounds()
    {
        Answer operation = await Client.SubmitAsync(Inputs.Demo, Inputs.Quick, "?tag.when=now");
        DateTimeOffset at = operation.Json.Instant("createdAt")!.Value;
        string before = GatewayClient.Text(at.AddMilliseconds(-1));
        string after = GatewayClient.Text(at.AddMilliseconds(1));

        (await AllAsync(Client, $"/operations?tag.when=now&createdAfter={before}&createdBefore={after}")).ShouldBe([operation.Uri]);
        (await AllAsync(Client, $"/operations?tag.when=now&createdAfter={after}")).ShouldBeEmpty();
        (await AllAsync(Client, $"/operations?tag.when=now&createdBefore={before}")).ShouldBeEmpty();
        (await AllAsync(Client, $"/operations?tag.when=now&createdBefore={Uri.EscapeDataString(at.AddHours(1).ToOffset(TimeSpan.FromHours(2)).ToString("yyyy-MM-ddTHH:mm:sszzz"))}")).ShouldBe([operation.Uri]);
    }

    [Fact]
    public async Task List_Items_AreTheStatuses()
    {
        JsonElement end = await Client.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, result = 1 }, "?tag.item=1");

        JsonElement item = (await Client.GetAsync("/operations/demo.steps?tag.item=1")).Json.GetProperty("operations")[0];

        item.GetRawText().ShouldBe(end.GetRawText());
    }

    [Theory]
    [InlineData("pageSize=0")]
    [InlineData("pageSize=201")]
    [InlineData("pageSize=-1")]
    [InlineData("pageSize=ten")]
    [InlineData("pageSize=1&pageSize=2")]
    [InlineData("pageToken=!!!")]
    [InlineData("pageToken=AAAA")]
    [InlineData("pageToken=A")]
    [InlineData("pageToken=%C3%A4")]
    [InlineData("pageToken=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("state=done")]
    [InlineData("state=")]
    [InlineData("state=Running")]
    [InlineData("createdAfter=yesterday")]
    [InlineData("createdBefore=2026-13-01T00:00:00Z")]
    [InlineData("tag.=x")]
    [InlineData("tag.a=1&tag.a=2")]
    public async Task List_MalformedQuery_Is400(string query) => (await Client.GetAsync("/operations?" + query)).ShouldBeProblem(400);

    [Fact]
    public async Task Types_All_AreDescribed()
    {
        Answer answer = (await Client.GetAsync("/operation-types")).ShouldBe(200);

        Dictionary<string, JsonElement> types = answer.Json.GetProperty("types").EnumerateArray().ToDictionary(type => type.Text("name")!);
        JsonElement demo = types["demo.steps"];
        demo.Text("description").ShouldNotBeNullOrWhiteSpace();
        demo.GetProperty("mediaTypes").EnumerateArray().Select(type => type.GetString()).ShouldBe(["application/json"]);
        demo.GetProperty("inputSchema").GetProperty("properties").Has("steps").ShouldBeTrue();
        demo.Number("retries").ShouldBe(3);
        demo.Text("queue").ShouldBe("default");
        types["csv.profile"].GetProperty("mediaTypes").EnumerateArray().Select(type => type.GetString()).ShouldBe(["text/csv"]);
        types["csv.profile"].Has("inputSchema").ShouldBeFalse();
    }

    private static async Task<List<string>> AllAsync(GatewayClient client, string path)
    {
        var uris = new List<string>();
        string token = "";
        do
        {
            Answer page = (await client.GetAsync(path + token)).ShouldBe(200);
            uris.AddRange(page.Json.GetProperty("operations").EnumerateArray().Select(operation => operation.Text("uri")!));
            token = page.Json.Text("nextPageToken") is { } next ? (path.Contains('?') ? "&" : "?") + "pageToken=" + next : "";
        }
        while (token.Length > 0);
        return uris;
    }
}
