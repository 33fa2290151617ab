using System.Text.Json;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Security;

/// <summary>A signed link shows the Status of one operation, to whoever has it, until it ends.</summary>
public sealed class LinkTests
{
    private readonly ShiftedTime _time = new();

    [Fact]
    public async Task Link_WithoutACredential_ServesEveryWayOfWaiting()
    {
        var end = new Signal();
        await using GatewayServer server = await StartAsync(Scripts.Until(end));
        string uri = (await Anna(server).SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        string link = await LinkAsync(server, uri);
        link.ShouldStartWith(uri + "?link=");

        Answer poll = await server.Client.GetAsync(link);
        await using EventStream stream = await server.Client.WatchAsync(link);
        using HubClient hub = await HubClient.ConnectAsync(server.Client.Address);
        await hub.StreamAsync("Watch", link, null);
        Task<Answer> longPoll = server.Client.GetAsync(link, ("Prefer", "wait=20"));
        end.Set();

        poll.ShouldBe(202).Uri.ShouldBe(uri);
        (await longPoll).ShouldBe(200).Json.Number("progress").ShouldBe(100);
        (await stream.ToEndAsync())[^1].Number("progress").ShouldBe(100);
        JsonElement? last = null;
        while (await hub.NextItemAsync() is { } item)
        {
            last = item;
        }

        last!.Value.Number("progress").ShouldBe(100);
    }

    [Fact]
    public async Task Link_ForAnythingElse_IsOfNoUse()
    {
        await using GatewayServer server = await StartAsync();
        string uri = (await Anna(server).RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, result = "secret outcome" })).Text("uri")!;
        string other = (await Anna(server).SubmitAsync(Inputs.Demo, Inputs.Quick)).Uri;
        string token = (await LinkAsync(server, uri)).Split('?')[1];

        foreach (string path in (string[])["/result", "/input", "/history", "/deliveries"])
        {
            (await server.Client.GetAsync($"{uri}{path}?{token}")).ShouldBeProblem(401, "unauthorized").Text.ShouldNotContain("secret outcome");
        }

        (await server.Client.GetAsync($"{other}?{token}")).ShouldBeProblem(401, "unauthorized");
        (await server.Client.GetAsync($"/operations?{token}")).ShouldBe(401);
        (await server.Client.DeleteAsync($"{uri}?{token}")).ShouldBe(401);
        (await server.Client.PostAsync($"{uri}/cancel?{token}")).ShouldBe(401);
        (await server.Client.PostAsync($"{uri}/links?{token}", new { expiresAt = Later })).ShouldBe(401);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("+/+/")]
    public async Task Link_Forged_IsRefused(string token)
    {
        await using GatewayServer server = await StartAsync();
        string uri = (await Anna(server).SubmitAsync(Inputs.Demo, Inputs.Quick)).Uri;
        string genuine = (await LinkAsync(server, uri)).Split("?link=")[1];

        (await server.Client.GetAsync($"{uri}?link={token}")).ShouldBeProblem(401, "unauthorized");
        (await server.Client.GetAsync($"{uri}?link={(genuine[0] == 'A' ? 'B' : 'A')}{genuine[1..]}")).ShouldBeProblem(401, "unauthorized");
        (await server.Client.GetAsync($"{uri}?link={genuine[..^1]}{(genuine[^1] == 'A' ? 'Q' : 'A')}")).ShouldBeProblem(401, "unauthorized");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Link_AtItsEnd_IsRefusedAndItsStreamsEnd(bool hasCredentials)
    {
        await using GatewayServer server = await GatewayServer.StartAsync(hasCredentials ? new Keys().With("anna", "submit read").Settings() : [], time: _time);
        string uri = (await Anna(server).SubmitAsync(Inputs.Demo, Inputs.Endless)).Uri;
        string link = await LinkAsync(server, uri);
        await using EventStream stream = await server.Client.WatchAsync(link);
        (await stream.NextStatusAsync()).ShouldNotBeNull();

        _time.Advance(TimeSpan.FromHours(1));

        await stream.ToEndAsync();
        (await server.Client.GetAsync(link)).ShouldBeProblem(401, "unauthorized").Json.Text("detail")!.ShouldContain("ended");
    }

    [Fact]
    public async Task Link_AfterARestart_StillHolds()
    {
        await using GatewayServer server = await StartAsync();
        string uri = (await Anna(server).RunAsync(Inputs.Demo, Inputs.Quick)).Text("uri")!;
        string link = await LinkAsync(server, uri);

        await server.RestartAsync();

        (await server.Client.GetAsync(link)).ShouldBe(200);
        if (!OperatingSystem.IsWindows() && !TestStore.IsShared)
        {
            File.GetUnixFileMode(Path.Combine(server.DataPath, "link-key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task Link_ToAnIdThatSomebodyUsesAgain_ShowsNothingOfTheirs()
    {
        await using GatewayServer server = await StartAsync();
        const string Path = "/operations/demo.steps/again";
        await Anna(server).PutAsync(Path, Inputs.Quick, ("Prefer", "wait=30"));
        string link = (await Anna(server).PostAsync(Path + "/links", new { expiresAt = GatewayClient.Text(_time.GetUtcNow().AddDays(30)) })).ShouldBe(201).Uri;
        (await Anna(server).DeleteAsync(Path)).ShouldBe(204);
        (await server.Client.GetAsync(link)).ShouldBe(410);
        _time.Advance(TimeSpan.FromDays(8));
        using GatewayClient bob = server.ClientWith(Keys.Of("bob"));
        await bob.PutAsync(Path, Inputs.Quick, ("Prefer", "wait=30"));

        (await server.Client.GetAsync(link)).ShouldBeProblem(404, "not-found");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"expiresAt\": \"2001-01-01T00:00:00Z\"}")]
    [InlineData("{\"expiresAt\": 5}")]
    [InlineData("[]")]
    public async Task Create_WithoutAnEndAhead_IsRefused(string body)
    {
        await using GatewayServer server = await StartAsync();
        string uri = (await Anna(server).SubmitAsync(Inputs.Demo, Inputs.Quick)).Uri;

        (await Anna(server).PostAsync(uri + "/links", body)).ShouldBeProblem(400).Pointers().ShouldBe(["/expiresAt"]);
    }

    private string Later => GatewayClient.Text(_time.GetUtcNow().AddHours(1));

    private Task<GatewayServer> StartAsync(Script? script = null) => GatewayServer.StartAsync(new Keys().With("anna", "submit read manage").With("bob", "submit read").Settings(), script, _time);

    private static GatewayClient Anna(GatewayServer server) => server.ClientWith(Keys.Of("anna"));

    private async Task<string> LinkAsync(GatewayServer server, string uri) => (await Anna(server).PostAsync(uri + "/links", new { expiresAt = Later })).ShouldBe(201).Uri;
}
