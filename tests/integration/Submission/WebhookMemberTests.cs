using RealtimeOps.Execution;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Submission;

public sealed class WebhookMemberTests(SharedServer shared) : SharedServerTests(shared)
{
    [Theory]
    [InlineData("https://hooks.invalid/hook?a=b")]
    [InlineData("mailbox:orders.2026~a_b-c")]
    public async Task Post_WebhookMember_IsAccepted(string webhook)
    {
        Answer answer = await Client.SubmitAsync(Inputs.Demo, new { steps = 1, stepMs = 0, webhook });

        answer.Text.ShouldNotContain("hook");
        (await Client.WaitForEndAsync(answer.Uri)).Number("status").ShouldBe(0);
    }

    [Fact]
    public async Task Post_WebhookMember_IsTakenOutBeforeTheHandlerSeesTheInput()
    {
        ScriptInput? seen = null;
        await using GatewayServer server = await GatewayServer.StartAsync(script: (input, _, _) =>
        {
            seen = input;
            return Task.FromResult(OperationResult.None);
        });

        await server.Client.RunAsync(Inputs.Script, """{"text":"x","webhook":"https://hooks.invalid","number":2}""");

        seen.ShouldBe(new ScriptInput { Text = "x", Number = 2 });
    }

    [Fact]
    public async Task Input_WithWebhook_IsGivenBackAsSubmitted()
    {
        const string body = """{"steps":1, "webhook":"https://hooks.invalid/x", "stepMs":0}""";
        Answer answer = await Client.SubmitAsync(Inputs.Demo, body);

        (await Client.GetAsync(answer.Uri + "/input")).ShouldBe(200).Text.ShouldBe(body);
    }

    [Fact]
    public async Task Post_WebhookInTheQuery_IsForAnyMediaType() =>
        (await Client.SendAsync(HttpMethod.Post, "/operations/csv.profile?webhook=https%3A%2F%2Fhooks.invalid%2Fx", GatewayClient.Body("a\n1\n", "text/csv"))).ShouldBe(202);
}
