using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RealtimeOps.IntegrationTests.Security;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.OpenApi;

/// <summary>What the document has in it, and for whom.</summary>
public sealed partial class OpenApiDocumentTests
{
    /// <summary>No operations of OpenAPI: the hub, which the text describes, and what others map.</summary>
    private static readonly string[] Others = ["/hubs/", "/hangfire"];

    [Fact]
    public async Task Paths_AreThoseOfTheServer()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        DescribedApi described = await DescribedApi.ReadAsync(server.Client);

        string[] routes =
        [
            .. from route in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
               let path = "/" + route.RoutePattern.RawText!.Trim('/')
               where !Others.Any(other => path.StartsWith(other, StringComparison.Ordinal))
               select $"{route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? "GET"} {path}",
        ];

        described.Operations.Where(operation => !IsOfOneType(operation)).ShouldBe(routes, ignoreOrder: true, "Give a new route a Door: src/Gateway/Watch/Description.");
        described.Operations.Where(IsOfOneType).ShouldBe(
            from type in new[] { Inputs.Csv, Inputs.Demo, Inputs.Script }
            from operation in new[] { $"POST /operations/{type}", $"PUT /operations/{type}/{{id}}" }
            select operation,
            ignoreOrder: true);
    }

    [Fact]
    public async Task Components_AreAllThere_AndAllUsed()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        DescribedApi described = await DescribedApi.ReadAsync(server.Client);
        HashSet<string> named = [.. Reference().Matches(described.Text).Select(match => match.Groups["pointer"].Value)];

        named.ShouldAllBe(pointer => described.At(pointer) != null);
        string[] components = [.. from kind in described.At("components")!.AsObject() where kind.Key != "securitySchemes" from component in kind.Value!.AsObject() select $"components/{kind.Key}/{component.Key}"];
        components.Except(named).ShouldBeEmpty();
    }

    [Fact]
    public async Task OperationIds_AreUnique()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        DescribedApi described = await DescribedApi.ReadAsync(server.Client);

        described.Operations.Select(operation => (string)described.Operation(operation)["operationId"]!).ShouldBeUnique();
    }

    [Fact]
    public async Task Input_OfATypedOperation_IsItsSchemaWithAWebhook()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        DescribedApi described = await DescribedApi.ReadAsync(server.Client);

        JsonObject members = described.At("components/schemas/demo.steps/properties")!.AsObject();
        members.Select(member => member.Key).ShouldBe(
            ["steps", "stepMs", "failAt", "failStatus", "failTimes", "message", "result", "stamp", "webhook"], ignoreOrder: true);
        described.Operation($"POST /operations/{Inputs.Csv}")["requestBody"]!["content"]!.AsObject().Select(content => content.Key).ShouldBe(["text/csv"]);
    }

    /// <summary>Nobody sees what is not theirs: not even the names of the types.</summary>
    [Theory]
    [InlineData(null, "")]
    [InlineData("limited", Inputs.Csv)]
    [InlineData("reader", $"{Inputs.Csv} {Inputs.Demo} {Inputs.Script}")]
    public async Task Types_AreThoseOfTheCaller(string? caller, string types)
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new Keys().With("limited", "submit read", types: Inputs.Csv).With("reader", "read").Settings());
        using (GatewayClient reader = server.ClientWith(Keys.Of("reader")))
        {
            // Whoever came before leaves nothing behind.
            await DescribedApi.ReadAsync(reader);
        }

        using GatewayClient client = server.ClientWith(caller is null ? null : Keys.Of(caller));
        DescribedApi described = await DescribedApi.ReadAsync(client);

        described.Operations.Where(IsOfOneType).Select(operation => operation.Split('/')[2]).Distinct().ShouldBe(types.Split(' ', StringSplitOptions.RemoveEmptyEntries), ignoreOrder: true);
        foreach (string type in new[] { Inputs.Csv, Inputs.Demo, Inputs.Script }.Where(type => !types.Contains(type, StringComparison.Ordinal)))
        {
            // The examples are of demo.steps, whatever a server offers.
            Example().Replace(described.Text, "").ShouldNotContain(type);
        }
    }

    [Theory]
    [InlineData("reader", new[] { "DELETE /reports/{path}", "POST /reports/{path}", "PUT /reports/{path}" })]
    [InlineData("limited", new string[0])]
    public async Task RelayedRoutes_AreThereForThoseWhoMayUseThem(string caller, string[] expected)
    {
        Dictionary<string, string?> settings = new Keys().With("limited", "submit read", types: Inputs.Csv).With("reader", "read").Settings();
        settings["Relay:Routes:0:Path"] = "/reports/**";
        settings["Relay:Routes:0:Target"] = "http://127.0.0.1:9";
        settings["Relay:ReportUrl"] = "http://gateway.example";
        await using GatewayServer server = await GatewayServer.StartAsync(settings);
        using GatewayClient client = server.ClientWith(Keys.Of(caller));

        DescribedApi described = await DescribedApi.ReadAsync(client);

        described.Operations.Where(operation => operation.Contains("/reports", StringComparison.Ordinal)).ShouldBe(expected, ignoreOrder: true);
        described.Text.Contains("reports", StringComparison.Ordinal).ShouldBe(expected.Length > 0);
        described.Operations.ShouldNotContain("POST /operations/reports");
    }

    [Fact]
    public async Task Document_WithAWrongCredential_Is401()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new Keys().With("carl", "read").Settings());
        using GatewayClient wrong = server.ClientWith("wrong");

        (await wrong.GetAsync("/openapi/v1.json")).ShouldBeProblem(401, "unauthorized");
    }

    [Fact]
    public async Task Document_BehindAPublicUrl_NamesIt()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["PublicUrl"] = "https://ops.example.com/gateway/" });

        ((string?)(await DescribedApi.ReadAsync(server.Client)).At("servers")![0]!["url"]).ShouldBe("https://ops.example.com/gateway");
    }

    private static bool IsOfOneType(string operation) => operation.Contains("/operations/", StringComparison.Ordinal) && !operation.Contains("{type}", StringComparison.Ordinal);

    [GeneratedRegex("\"\\$ref\": \"#/(?<pointer>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();

    [GeneratedRegex("\"examples\": \\[[^\\]]*\\]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Example();
}
