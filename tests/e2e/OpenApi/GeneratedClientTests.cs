using System.Text.Json.Nodes;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.OpenApi;

/// <summary>The OpenAPI document as its users use it: a validator reads it, a generator makes a TypeScript client of it, and what is written with that client compiles and works.</summary>
public sealed class GeneratedClientTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 420_000)]
    public async Task Client_GeneratedFromTheDocument_CompilesAndWorks()
    {
        using GeneratedClient client = await GeneratedClient.PrepareAsync();
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path, settings: "--Polling:Allowance=5");
        Answer document = (await server.Client.GetAsync("/openapi/v1.json")).ShouldBe(200);
        await File.WriteAllTextAsync(client.Document, document.Text, TestContext.Current.CancellationToken);

        (await client.LintAsync()).ShouldBe((0, ""), "A validator finds faults.");
        (int code, string said) = await client.GenerateAsync();
        code.ShouldBe(0, said);
        (await client.CompileAsync()).ShouldBe((0, ""));
        (code, said) = await client.RunAsync(server.Client.Address);
        code.ShouldBe(0, said);
        output.WriteLine(said);

        await server.StopAsync();
    }

    /// <summary>Or the test above would prove nothing: what the document does not say, the client does not know.</summary>
    [Theory(Timeout = 420_000)]
    [InlineData("Status", "message")]
    [InlineData("Problem", "errors")]
    [InlineData("OperationList", "nextPageToken")]
    [InlineData("MailboxMessages", "messages")]
    public async Task Client_OfADocumentThatLacksAMember_DoesNotCompile(string schema, string member)
    {
        using GeneratedClient client = await GeneratedClient.PrepareAsync();
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);
        JsonNode document = JsonNode.Parse((await server.Client.GetAsync("/openapi/v1.json")).ShouldBe(200).Text)!;
        document["components"]!["schemas"]![schema]!["properties"]!.AsObject().Remove(member).ShouldBeTrue();
        await File.WriteAllTextAsync(client.Document, document.ToJsonString(), TestContext.Current.CancellationToken);

        (int code, string said) = await client.GenerateAsync();
        code.ShouldBe(0, said);
        (code, said) = await client.CompileAsync();

        code.ShouldNotBe(0);
        said.ShouldContain(member);
        await server.StopAsync();
    }
}
