using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Submission;

/// <summary>Bad input never gets 5xx, is told with a problem, and starts nothing.</summary>
public sealed class InvalidSubmissionTests(SharedServer shared) : SharedServerTests(shared)
{
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"steps\":1,\"stepMs\":0}}")]
    [InlineData("{\"steps\":1,\"stepMs\":0,}")]
    [InlineData("{\"steps\":01,\"stepMs\":0}")]
    [InlineData("{\"steps\":NaN,\"stepMs\":0}")]
    [InlineData("{'steps':1,'stepMs':0}")]
    [InlineData("// no comments\n{\"steps\":1,\"stepMs\":0}")]
    [InlineData("not json")]
    public async Task Post_NotJson_Is400AtTheRoot(string body) => await RefusedAsync(body, [""]);

    [Theory]
    [InlineData("null", new[] { "" })]
    [InlineData("[]", new[] { "" })]
    [InlineData("7", new[] { "" })]
    [InlineData("{\"steps\":\"1\",\"stepMs\":0}", new[] { "/steps" })]
    [InlineData("{\"steps\":1.5,\"stepMs\":0}", new[] { "/steps" })]
    [InlineData("{\"steps\":-1,\"stepMs\":-0.1}", new[] { "/steps", "/stepMs" })]
    [InlineData("{\"steps\":99999999999,\"stepMs\":1e999}", new[] { "/steps", "/stepMs" })]
    [InlineData("{\"steps\":null,\"stepMs\":null,\"failAt\":0,\"failTimes\":-1,\"message\":7,\"stamp\":\"yes\"}", new[] { "/steps", "/stepMs", "/failAt", "/failTimes", "/message", "/stamp" })]
    [InlineData("{\"steps\":1,\"stepMs\":0,\"webhook\":7}", new[] { "/webhook" })]
    [InlineData("{\"steps\":-1,\"stepMs\":-1,\"webhook\":7}", new[] { "/webhook", "/steps", "/stepMs" })]
    [InlineData("{\"steps\":-1,\"stepMs\":0,\"webhook\":\"nowhere\"}", new[] { "/webhook", "/steps" })]
    [InlineData("{\"steps\":1,\"stepMs\":0,\"webhook\":null}", new[] { "/webhook" })]
    [InlineData("{\"steps\":1,\"stepMs\":0,\"webhook\":\"ftp://example.com\"}", new[] { "/webhook" })]
    [InlineData("{\"steps\":1,\"stepMs\":0,\"webhook\":\"/relative\"}", new[] { "/webhook" })]
    [InlineData("{\"steps\":1,\"stepMs\":0,\"webhook\":\"https://user:secret@example.com\"}", new[] { "/webhook" })]
    [InlineData("{\"steps\":1,\"stepMs\":0,\"webhook\":\"mailbox:not a name\"}", new[] { "/webhook" })]
    [InlineData("{\"steps\":1,\"stepMs\":0,\"webhook\":\"\\ud800\"}", new[] { "/webhook" })]
    public async Task Post_InputThatDoesNotFit_Is400WithAnEntryPerFault(string body, string[] pointers) => await RefusedAsync(body, pointers);

    [Fact]
    public async Task Post_MissingMembers_Is400AndNamesEach()
    {
        Answer answer = await Client.PostAsync("/operations/demo.steps", "{}");

        string all = answer.ShouldBeProblem(400).Json.GetProperty("errors").GetRawText();
        all.ShouldContain("steps");
        all.ShouldContain("stepMs");
        answer.Json.GetProperty("errors").GetArrayLength().ShouldBe(2);
    }

    [Theory]
    [InlineData("{\"steps\":1,\"steps\":1,\"stepMs\":0}")]
    [InlineData("{\"steps\":1,\"steps\":1,\"stepMs\":0,\"webhook\":\"https://example.com\"}")]
    [InlineData("{\"steps\":1,\"stepMs\":0,\"webhook\":\"https://example.com\",\"webhook\":\"https://example.org\"}")]
    [InlineData("{\"steps\":1,\"stepMs\":0,\"result\":{\"a\":1,\"a\":2}}")]
    [InlineData("{\"steps\":1,\"stepMs\":0,\"message\":\"\\ud800\"}")]
    [InlineData("{\"steps\":1,\"stepMs\":0,\"result\":\"\\udc00\"}")]
    [InlineData("{\"steps\":1,\"stepMs\":0,\"\\ud800\":1}")]
    [InlineData("{\"steps\":1,\"stepMs\":0,\"\\ud800\":1,\"webhook\":\"https://example.com\"}")]
    public async Task Post_JsonThatReadersUnderstandDifferently_Is400(string body) =>
        (await Client.PostAsync("/operations/demo.steps", body)).ShouldBeProblem(400);

    [Fact]
    public async Task Post_InvalidUtf8_Is400()
    {
        byte[] body = [.. "{\"steps\":1,\"stepMs\":0,\"message\":\""u8, 0xFF, 0xFE, .. "\"}"u8];
        byte[] hooked = [.. "{\"steps\":1,\"stepMs\":0,\"webhook\":\""u8, 0xFF, 0xFE, .. "\"}"u8];

        (await Client.SendAsync(HttpMethod.Post, "/operations/demo.steps", GatewayClient.Body(body, "application/json"))).ShouldBeProblem(400);
        (await Client.SendAsync(HttpMethod.Post, "/operations/demo.steps", GatewayClient.Body(hooked, "application/json"))).ShouldBeProblem(400);
    }

    [Fact]
    public async Task Post_DeepNesting_Is400()
    {
        string deep = new string('[', 10_000) + new string(']', 10_000);

        (await Client.PostAsync("/operations/demo.steps", $"{{\"steps\":1,\"stepMs\":0,\"result\":{deep}}}")).ShouldBeProblem(400);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("json")]
    [InlineData("a/b/c")]
    [InlineData(";;;")]
    public async Task Post_OtherMediaType_Is415(string? mediaType)
    {
        Answer answer = await Client.SendAsync(HttpMethod.Post, "/operations/demo.steps", GatewayClient.Body("{\"steps\":1,\"stepMs\":0}", mediaType));

        answer.ShouldBeProblem(415);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=\"UTF-8\"")]
    [InlineData("Application/JSON")]
    public async Task Post_TheMediaTypeInOtherWords_IsTaken(string mediaType) =>
        (await Client.SendAsync(HttpMethod.Post, "/operations/demo.steps", GatewayClient.Body("{\"steps\":1,\"stepMs\":0}", mediaType))).ShouldBe(202);

    [Theory]
    [InlineData("POST", "/operations/no.such.type")]
    [InlineData("POST", "/operations/Demo.Steps")]
    [InlineData("PUT", "/operations/no.such.type/id")]
    [InlineData("GET", "/operations/no.such.type")]
    public async Task Any_UnknownType_Is404(string method, string path) =>
        (await Client.SendAsync(new HttpMethod(method), path, method == "GET" ? null : GatewayClient.Json("{}"))).ShouldBeProblem(404);

    [Theory]
    [InlineData("~begins-with-tilde")]
    [InlineData(".begins-with-dot")]
    [InlineData("with%20space")]
    [InlineData("with%2Fslash")]
    [InlineData("umlaut-%C3%A4")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task Put_MalformedId_Is400(string id) =>
        (await Client.PutAsync("/operations/demo.steps/" + id, Inputs.Quick)).Code.ShouldBe(400);

    [Theory]
    [InlineData("delay=5")]
    [InlineData("delay=")]
    [InlineData("delay=-PT5S")]
    [InlineData("delay=P99999999Y")]
    [InlineData("delay=PT1S&delay=PT2S")]
    [InlineData("delay=PT1S&notBefore=2030-01-01T00:00:00Z")]
    [InlineData("notBefore=tomorrow")]
    [InlineData("notBefore=2030-02-30T00:00:00Z")]
    [InlineData("notBefore=2030-01-01")]
    [InlineData("notBefore=9999-12-31T23:59:59Z")]
    [InlineData("ttl=0")]
    [InlineData("ttl=-P1D")]
    [InlineData("ttl=PT0S")]
    [InlineData("tag.=x")]
    [InlineData("tag.a%20b=x")]
    [InlineData("tag.a=1&tag.a=2")]
    [InlineData("webhook=nowhere")]
    [InlineData("webhook=ftp%3A%2F%2Fexample.com")]
    [InlineData("webhook=https%3A%2F%2Fa.example&webhook=https%3A%2F%2Fb.example")]
    public async Task Post_MalformedQuery_Is400(string query) =>
        (await Client.PostAsync("/operations/demo.steps?" + query, Inputs.Quick)).ShouldBeProblem(400);

    [Fact]
    public async Task Post_TagsTooLongOrTooMany_Is400()
    {
        string many = string.Join('&', Enumerable.Range(0, 33).Select(i => $"tag.t{i}=x"));

        (await Client.PostAsync("/operations/demo.steps?" + many, Inputs.Quick)).ShouldBeProblem(400);
        (await Client.PostAsync("/operations/demo.steps?tag.a=" + new string('x', 257), Inputs.Quick)).ShouldBeProblem(400);
        (await Client.PostAsync($"/operations/demo.steps?tag.{new string('x', 65)}=1", Inputs.Quick)).ShouldBeProblem(400);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("two, keys\u00e4")]
    public async Task Post_MalformedIdempotencyKey_Is400(string key)
    {
        string answer = await RawHttp.SendAsync(Client.Address, $"""
            POST /operations/demo.steps HTTP/1.1
            Host: localhost
            Content-Type: application/json
            Content-Length: 22
            Connection: close
            Idempotency-Key: {key}

            {"{\"steps\":1,\"stepMs\":0}"}
            """);

        answer.ShouldStartWith("HTTP/1.1 400");
    }

    [Fact]
    public async Task Post_IdempotencyKeyTooLong_Is400() =>
        (await Client.PostAsync("/operations/demo.steps", Inputs.Quick, ("Idempotency-Key", new string('k', 256)))).ShouldBeProblem(400);

    [Fact]
    public async Task Post_JsonLongerThanTheLimit_Is413HoweverItComes()
    {
        string body = $"{{\"steps\":1,\"stepMs\":0,\"result\":\"{new string('x', 1024 * 1024)}\"}}";

        (await Client.PostAsync("/operations/demo.steps", body)).ShouldBeProblem(413).Json.Text("detail")!.ShouldContain("(Limits:JsonBody)");
        (await Client.SendAsync(HttpMethod.Post, "/operations/demo.steps", GatewayClient.Json(body), ("Transfer-Encoding", "chunked"))).ShouldBeProblem(413);
    }

    [Fact]
    public async Task Post_JsonOfExactlyTheLimit_IsTaken()
    {
        const string head = "{\"steps\":1,\"stepMs\":0,\"result\":\"";
        string body = head + new string('x', (1024 * 1024) - head.Length - 2) + "\"}";

        Answer posted = (await Client.PostAsync("/operations/demo.steps", body)).ShouldBe(202);

        (await Client.GetAsync(posted.Uri + "/input")).Text.ShouldBe(body);
    }

    [Fact]
    public async Task Refused_Submissions_StartNothing()
    {
        string marker = "?tag.marker=refused";
        (await Client.PutAsync("/operations/demo.steps/refused" + marker, "{}")).ShouldBeProblem(400);
        (await Client.PostAsync("/operations/demo.steps" + marker, "{")).ShouldBeProblem(400);
        (await Client.PostAsync("/operations/demo.steps" + marker + "&delay=x", Inputs.Quick)).ShouldBeProblem(400);

        (await Client.GetAsync("/operations" + marker)).Json.GetProperty("operations").GetArrayLength().ShouldBe(0);
        (await Client.GetAsync("/operations/demo.steps/refused")).ShouldBeProblem(404);
    }

    private async Task RefusedAsync(string body, string[] pointers)
    {
        Answer answer = await Client.PostAsync("/operations/demo.steps", body);

        answer.ShouldBeProblem(400).Pointers().ShouldBe(pointers, ignoreOrder: true);
        answer.Json.GetProperty("errors").EnumerateArray().ShouldAllBe(error => error.Text("detail")!.Length > 0);
    }
}
