using System.Text.Json;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Security;

/// <summary>Streams show everybody their own, and one who sees everything, everything.</summary>
public sealed class IsolationTests
{
    private static Keys Some => new Keys().With("anna", "submit read manage").With("bob", "submit read manage").With("root", "admin").With("auditor", "admin.read").With("demo", "submit read manage", types: Inputs.Demo);

    [Theory]
    [InlineData("bob", false)]
    [InlineData("root", true)]
    [InlineData("auditor", true)]
    [InlineData("demo", false)]
    public async Task Feeds_OfSomebodyElse_ShowWhatTheyMaySee(string name, bool seesAnnas)
    {
        await using GatewayServer server = await GatewayServer.StartAsync(Some.Settings());
        using GatewayClient anna = server.ClientWith(Keys.Of("anna"));
        using GatewayClient other = server.ClientWith(Keys.Of(name));
        using GatewayClient root = server.ClientWith(Keys.Of("root"));
        await using EventStream feed = await other.WatchAsync("/operations");
        using HubClient hub = await HubClient.ConnectAsync(server.Client.Address, token: Keys.Of(name));
        await hub.StreamAsync("Follow", null, null);
        await UntilReadyAsync(hub);

        string annas = (await anna.RunAsync(Inputs.Demo, Inputs.Quick)).Text("id")!;
        (await anna.DeleteAsync($"/operations/demo.steps/{annas}")).ShouldBe(204);
        string last = (await (name is "auditor" ? root : other).RunAsync(Inputs.Demo, Inputs.Quick)).Text("id")!;

        (await ReadToAsync(feed, last)).Contains(annas, StringComparison.Ordinal).ShouldBe(seesAnnas);
        (await ReadToAsync(hub, last)).Contains(annas, StringComparison.Ordinal).ShouldBe(seesAnnas);
    }

    [Theory]
    [InlineData("bob", "not-found")]
    [InlineData("demo", "not-found")]
    [InlineData(null, "unauthorized")]
    public async Task Hub_WatchOfAForeignOperation_IsRefusedAsIfItWereNotThere(string? name, string problem)
    {
        await using GatewayServer server = await GatewayServer.StartAsync(Some.Settings());
        using GatewayClient anna = server.ClientWith(Keys.Of("anna"));
        string uri = (await anna.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;

        using HubClient hub = await HubClient.ConnectAsync(server.Client.Address, token: name is null ? null : Keys.Of(name));
        await hub.StreamAsync("Watch", uri, null);

        (await Should.ThrowAsync<InvalidOperationException>(hub.NextItemAsync)).Message.ShouldContain("urn:realtimeops:" + problem);
    }

    [Fact]
    public async Task Hub_FollowWithoutCredential_IsRefused()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(Some.Settings());
        using HubClient hub = await HubClient.ConnectAsync(server.Client.Address);

        await hub.StreamAsync("Follow", null, null);

        (await Should.ThrowAsync<InvalidOperationException>(hub.NextItemAsync)).Message.ShouldContain("urn:realtimeops:unauthorized");
    }

    [Fact]
    public async Task KeyLimitedToTypes_KnowsNoOthers()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(Some.Settings());
        using GatewayClient limited = server.ClientWith(Keys.Of("demo"));

        (await limited.PostAsync("/operations/test.script", Inputs.Empty)).ShouldBeProblem(404, "unknown-type");
        (await limited.PutAsync("/operations/test.script/mine", Inputs.Empty)).ShouldBeProblem(404, "unknown-type");
        (await limited.GetAsync("/operations/test.script")).ShouldBeProblem(404, "unknown-type");
        (await limited.GetAsync("/operations/test.script/mine")).ShouldBeProblem(404, "not-found");
        string own = (await limited.RunAsync(Inputs.Demo, Inputs.Quick)).Text("id")!;
        (await limited.GetAsync("/operations")).Text.ShouldContain(own);
        (await limited.GetAsync("/operation-types")).Json.GetProperty("types").EnumerateArray().Select(type => type.Text("name")).ShouldBe([Inputs.Demo]);
    }

    [Fact]
    public async Task Put_OntoAForeignId_IsTaken_AliveOrGone()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(Some.Settings());
        using GatewayClient anna = server.ClientWith(Keys.Of("anna"));
        using GatewayClient bob = server.ClientWith(Keys.Of("bob"));
        const string Path = "/operations/demo.steps/shared-id";
        await anna.PutAsync(Path, Inputs.Quick, ("Prefer", "wait=10"));

        Answer taken = (await bob.PutAsync(Path, Inputs.Quick)).ShouldBeProblem(409, "conflict");
        (await anna.DeleteAsync(Path)).ShouldBe(204);
        Answer gone = (await bob.PutAsync(Path, Inputs.Quick)).ShouldBeProblem(409, "conflict");

        gone.Json.Text("detail").ShouldBe(taken.Json.Text("detail"));
        (await bob.GetAsync(Path)).ShouldBeProblem(404, "not-found");
        (await anna.GetAsync(Path)).ShouldBeProblem(410, "gone");
    }

    [Fact]
    public async Task IdempotencyKeys_AreEverybodysOwn()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(Some.Settings());
        using GatewayClient anna = server.ClientWith(Keys.Of("anna"));
        using GatewayClient bob = server.ClientWith(Keys.Of("bob"));

        string annas = (await anna.PostAsync("/operations/demo.steps", Inputs.Quick, ("Idempotency-Key", "\"one\""))).Uri;
        string bobs = (await bob.PostAsync("/operations/demo.steps", Inputs.Quick, ("Idempotency-Key", "\"one\""))).Uri;

        bobs.ShouldNotBe(annas);
        (await anna.PostAsync("/operations/demo.steps", Inputs.Quick, ("Idempotency-Key", "\"one\""))).Uri.ShouldBe(annas);
    }

    private static async Task<string> ReadToAsync(EventStream feed, string last)
    {
        string all = "";
        while (!all.Contains(last, StringComparison.Ordinal))
        {
            all += (await feed.NextAsync())!.Value.Data;
        }

        return all;
    }

    private static async Task<string> ReadToAsync(HubClient hub, string last)
    {
        string all = "";
        while (!all.Contains(last, StringComparison.Ordinal))
        {
            all += (await hub.NextItemAsync())!.Value.GetRawText();
        }

        return all;
    }

    private static async Task UntilReadyAsync(HubClient hub)
    {
        while (!(await hub.NextItemAsync())!.Value.TryGetProperty("ready", out JsonElement _))
        {
        }
    }
}
