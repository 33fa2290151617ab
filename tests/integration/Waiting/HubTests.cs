using System.Net.WebSockets;
using System.Text.Json;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Waiting;

public sealed class HubTests(SharedServer shared) : SharedServerTests(shared)
{
    [Fact]
    public async Task Watch_ToTheEnd_ShowsTheStatusesOfTheStatusUri()
    {
        Answer submitted = await Client.SubmitAsync(Inputs.Demo, new { steps = 50, stepMs = 5 });
        using HubClient hub = await HubClient.ConnectAsync(Client.Address);

        await hub.StreamAsync("Watch", submitted.Uri, null);
        List<JsonElement> all = [];
        while (await hub.NextItemAsync() is { } status)
        {
            all.Add(status);
        }

        all.Zip(all.Skip(1)).ShouldAllBe(pair => pair.First.Number("version") < pair.Second.Number("version"));
        all[^1].GetRawText().ShouldBe((await Client.GetAsync(submitted.Uri)).Text);
    }

    [Fact]
    public async Task Watch_VersionOfTheEnd_EndsWithoutAnItem()
    {
        JsonElement end = await Client.RunAsync(Inputs.Demo, Inputs.Quick);
        using HubClient hub = await HubClient.ConnectAsync(Client.Address);

        await hub.StreamAsync("Watch", new Uri(end.Text("uri")!).AbsolutePath, end.Number("version"));

        (await hub.NextItemAsync()).ShouldBeNull();
    }

    [Theory]
    [InlineData("/operations/demo.steps/nowhere", "urn:realtimeops:not-found")]
    [InlineData("/operations", "urn:realtimeops:bad-request")]
    [InlineData("ftp://example.org/operations/demo.steps/x", "urn:realtimeops:bad-request")]
    [InlineData(null, "urn:realtimeops:bad-request")]
    public async Task Watch_NothingToWatch_RefusesWithTheProblem(string? uri, string problem)
    {
        using HubClient hub = await HubClient.ConnectAsync(Client.Address);

        await hub.StreamAsync("Watch", uri, null);

        (await Should.ThrowAsync<InvalidOperationException>(hub.NextItemAsync)).Message.ShouldContain($"HubException: {problem}:");
    }

    [Fact]
    public async Task Watch_Deleted_IsGone()
    {
        string uri = (await Client.RunAsync(Inputs.Demo, Inputs.Quick)).Text("uri")!;
        (await Client.DeleteAsync(uri)).ShouldBe(204);
        using HubClient hub = await HubClient.ConnectAsync(Client.Address);

        await hub.StreamAsync("Watch", uri, null);

        (await Should.ThrowAsync<InvalidOperationException>(hub.NextItemAsync)).Message.ShouldContain("HubException: urn:realtimeops:gone:");
    }

    [Fact]
    public async Task Follow_FilteredByTag_ShowsEveryChangeAndTheDeletion()
    {
        using HubClient hub = await HubClient.ConnectAsync(Client.Address);
        await hub.StreamAsync("Follow", new { tags = new { hub = "follow" } }, null);
        (await hub.NextItemAsync())!.Value.GetProperty("ready").GetBoolean().ShouldBeTrue();

        await Client.RunAsync(Inputs.Demo, Inputs.Quick, "?tag.hub=other");
        string uri = (await Client.RunAsync(Inputs.Demo, Inputs.Quick, "?tag.hub=follow")).Text("uri")!;
        (await Client.DeleteAsync(uri)).ShouldBe(204);

        JsonElement item = (await hub.NextItemAsync())!.Value;
        while (item.TryGetProperty("status", out JsonElement status))
        {
            status.Text("uri").ShouldBe(uri);
            item = (await hub.NextItemAsync())!.Value;
        }

        item.Text("gone").ShouldBe(uri);
        item.Text("position").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("""{"type": "no.such"}""", "urn:realtimeops:unknown-type")]
    [InlineData("""{"state": "sleeping"}""", "urn:realtimeops:bad-request")]
    [InlineData("""{"state": 7}""", "urn:realtimeops:bad-request")]
    [InlineData("""{"colour": "red"}""", "urn:realtimeops:bad-request")]
    [InlineData("\"all\"", "urn:realtimeops:bad-request")]
    [InlineData("""{"state": [null]}""", "urn:realtimeops:bad-request")]
    [InlineData("""{"tags": {"team": null}}""", "urn:realtimeops:bad-request")]
    [InlineData("""{"tags": {"no such name": "x"}}""", "urn:realtimeops:bad-request")]
    public async Task Follow_BadFilter_RefusesWithTheProblem(string filter, string problem)
    {
        using HubClient hub = await HubClient.ConnectAsync(Client.Address);

        await hub.StreamAsync("Follow", JsonDocument.Parse(filter).RootElement, null);

        (await Should.ThrowAsync<InvalidOperationException>(hub.NextItemAsync)).Message.ShouldContain($"HubException: {problem}:");
    }

    [Fact]
    public async Task Follow_UnknownPosition_IsResetFirst()
    {
        using HubClient hub = await HubClient.ConnectAsync(Client.Address);

        await hub.StreamAsync("Follow", null, "somebody-elses");

        (await hub.NextItemAsync())!.Value.GetProperty("reset").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Connect_PageOfTheGatewayItself_IsLetIn()
    {
        using HubClient hub = await HubClient.ConnectAsync(Client.Address, Client.Address.GetLeftPart(UriPartial.Authority));

        await hub.StreamAsync("Follow", null, null);

        (await hub.NextItemAsync()).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("gateway.example", "https://gateway.example", 200)]
    [InlineData("gateway.example:8443", "https://gateway.example:8443", 200)]
    [InlineData("gateway.example", "https://gateway.example:8443", 403)]
    [InlineData("gateway.example", "https://other.example", 403)]
    public async Task Negotiate_BehindAProxy_LetsInOnlyThePagesOfThatHost(string host, string origin, int code)
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["AllowedHosts"] = "*" });
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Client.Address, "/hubs/operations/negotiate?negotiateVersion=1"));
        request.Headers.Host = host;
        request.Headers.Add("Origin", origin);

        using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken).Limited();

        ((int)response.StatusCode).ShouldBe(code);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    public async Task Connect_PageOfAForeignOrigin_IsRefused(string origin) =>
        await Should.ThrowAsync<WebSocketException>(() => HubClient.ConnectAsync(Client.Address, origin));
}
