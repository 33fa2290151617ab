using System.Text;
using System.Text.Json;
using RealtimeOps.Execution;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Outcome;

public sealed class ResultTests(SharedServer shared) : SharedServerTests(shared)
{
    [Fact]
    public async Task Get_Unfinished_Is202WithTheStatusAndItsOwnLocation()
    {
        Answer submitted = await Client.SubmitAsync(Inputs.Demo, Inputs.Endless);

        Answer answer = (await Client.GetAsync(submitted.Uri + "/result")).ShouldBe(202);

        answer["Location"].ShouldBe(submitted.Uri + "/result");
        answer["Retry-After"].ShouldNotBeNull();
        answer.Uri.ShouldBe(submitted.Uri);
    }

    [Theory]
    [InlineData("""{"a":[1,2.50,"x\u00e4"],"b":null}""")]
    [InlineData("7")]
    [InlineData("\"text\"")]
    [InlineData("[]")]
    [InlineData("false")]
    public async Task Get_Json_IsTheHandlersValue(string result)
    {
        JsonElement status = await Client.RunAsync(Inputs.Demo, $"{{\"steps\":1,\"stepMs\":0,\"result\":{result}}}");

        Answer answer = (await Client.GetAsync(status.Text("result")!)).ShouldBe(200);

        answer["Content-Type"].ShouldBe("application/json");
        JsonElement.DeepEquals(answer.Json, JsonDocument.Parse(result).RootElement).ShouldBeTrue(answer.Text);
    }

    [Fact]
    public async Task Get_NoResult_Is204()
    {
        JsonElement status = await Client.RunAsync(Inputs.Demo, Inputs.Quick);

        status.Has("result").ShouldBeFalse();
        (await Client.GetAsync(status.Text("uri") + "/result")).ShouldBe(204).Body.ShouldBeEmpty();
    }

    [Fact]
    public async Task Get_Failed_Is422WithTheHandlersError()
    {
        JsonElement status = await Client.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, failAt = 1, failStatus = 33, message = "Not today." });

        Answer answer = (await Client.GetAsync(status.Text("uri") + "/result")).ShouldBeProblem(422);

        answer.Json.Text("detail").ShouldBe("Not today.");
        answer.Json.GetProperty("error").Text("code").ShouldBe("33");
        answer.Json.GetProperty("error").Text("message").ShouldBe("Not today.");
    }

    [Fact]
    public async Task Get_Canceled_Is409()
    {
        Answer submitted = await Client.SubmitAsync(Inputs.Demo, Inputs.Endless);
        await Client.PostAsync(submitted.Uri + "/cancel");
        await Client.WaitForEndAsync(submitted.Uri);

        Answer answer = (await Client.GetAsync(submitted.Uri + "/result")).ShouldBeProblem(409);

        answer.Json.GetProperty("error").Text("code").ShouldBe("499");
    }

    [Fact]
    public async Task Get_Bytes_HaveTheHandlersMediaTypeAnETagAndRanges()
    {
        byte[] bytes = Encoding.ASCII.GetBytes("0123456789");
        await using GatewayServer server = await GatewayServer.StartAsync(script: (_, _, _) => Task.FromResult(OperationResult.OfBytes("application/x-test; v=1", bytes)));
        string uri = (await server.Client.RunAsync(Inputs.Script, Inputs.Empty)).Text("result")!;

        Answer whole = (await server.Client.GetAsync(uri)).ShouldBe(200);
        whole.Body.ShouldBe(bytes);
        whole["Content-Type"].ShouldBe("application/x-test; v=1");
        whole["Accept-Ranges"].ShouldBe("bytes");
        whole["X-Content-Type-Options"].ShouldBe("nosniff");
        string tag = whole["ETag"]!;
        tag.ShouldMatch("^\"[^\"]+\"$");

        Answer part = (await server.Client.GetAsync(uri, ("Range", "bytes=2-4"))).ShouldBe(206);
        part.Text.ShouldBe("234");
        part["Content-Range"].ShouldBe("bytes 2-4/10");
        (await server.Client.GetAsync(uri, ("Range", "bytes=-3"))).ShouldBe(206).Text.ShouldBe("789");
        (await server.Client.GetAsync(uri, ("Range", "bytes=2-4"), ("If-Range", tag))).ShouldBe(206);
        (await server.Client.GetAsync(uri, ("Range", "bytes=2-4"), ("If-Range", "\"other\""))).ShouldBe(200);
        (await server.Client.GetAsync(uri, ("If-None-Match", tag))).ShouldBe(304).Body.ShouldBeEmpty();
        (await server.Client.GetAsync(uri, ("Range", "bytes=10-"))).ShouldBeProblem(416)["Content-Range"].ShouldBe("bytes */10");
    }

    [Fact]
    public async Task Head_Result_TellsTheLength()
    {
        JsonElement status = await Client.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, result = "abc" });

        Answer answer = (await Client.SendAsync(HttpMethod.Head, status.Text("result")!, null)).ShouldBe(200);

        answer["Content-Length"].ShouldBe("5");
        answer.Body.ShouldBeEmpty();
    }

    [Fact]
    public async Task Input_Json_IsGivenBackByteForByte()
    {
        const string body = " { \"stepMs\": 0.0,\n\"steps\" : 1 } ";
        Answer submitted = await Client.SubmitAsync(Inputs.Demo, body);

        Answer input = (await Client.GetAsync(submitted.Uri + "/input")).ShouldBe(200);

        input.Text.ShouldBe(body);
        input["Content-Type"].ShouldBe("application/json");
    }

    [Fact]
    public async Task Status_Ended_ContainsNeitherInputNorResult()
    {
        JsonElement status = await Client.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, result = "resultmarker", stamp = false });

        status.GetRawText().ShouldNotContain("resultmarker");
        status.GetRawText().ShouldNotContain("stepMs");
    }
}
