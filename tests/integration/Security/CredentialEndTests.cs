using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Security;

/// <summary>Whoever holds a request open loses it with the credential: when that expires, and when it is revoked.</summary>
public sealed class CredentialEndTests
{
    public static TheoryData<string> Ends => new("expires", "is revoked", "token expires", "signing key is replaced");

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Streams_CredentialEnds_EndOnAWholeEvent(string end)
    {
        var (server, client, _, finish) = await StartAsync(end);
        await using GatewayServer running = server;
        using GatewayClient anna = client;
        string uri = (await anna.SubmitAsync(Inputs.Demo, Inputs.Endless)).Uri;
        await using EventStream status = await anna.WatchAsync(uri);
        await using EventStream feed = await anna.WatchAsync("/operations");
        await using EventStream mailbox = await anna.WatchAsync("/mailboxes/anna");
        await using EventStream submission = await anna.StreamAsync(HttpMethod.Post, "/operations/demo.steps", GatewayClient.Json(Inputs.Endless));
        (await status.NextStatusAsync()).ShouldNotBeNull();

        finish();

        // An end in the middle of an event, or a connection that is cut, would throw.
        (await status.ToEndAsync()).ShouldAllBe(one => one.Number("progress") < 100);
        await feed.ToEndAsync();
        await mailbox.ToEndAsync();
        await submission.ToEndAsync();
        (await anna.GetAsync(uri)).ShouldBeProblem(401, "unauthorized");
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task LongPolls_CredentialEnds_AreAnswered401(string end)
    {
        var (server, client, _, finish) = await StartAsync(end);
        await using GatewayServer running = server;
        using GatewayClient anna = client;
        string uri = (await anna.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        Task<Answer> status = anna.GetAsync(uri, ("Prefer", "wait=50"));
        Task<Answer> mailbox = anna.GetAsync("/mailboxes/anna", ("Prefer", "wait=50"));
        await using EventStream open = await anna.WatchAsync(uri);
        (await open.NextStatusAsync()).ShouldNotBeNull();

        finish();

        (await status).ShouldBeProblem(401, "unauthorized");
        (await mailbox).ShouldBeProblem(401, "unauthorized");
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Hub_CredentialEnds_StreamsEndWithTheReasonAndTheConnectionCloses(string end)
    {
        var (server, client, token, finish) = await StartAsync(end);
        await using GatewayServer running = server;
        using GatewayClient anna = client;
        string uri = (await anna.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        using HubClient watching = await HubClient.ConnectAsync(server.Client.Address, token: token);
        await watching.StreamAsync("Watch", uri, null);
        (await watching.NextItemAsync()).ShouldNotBeNull();
        using HubClient following = await HubClient.ConnectAsync(server.Client.Address, token: token);
        await following.StreamAsync("Follow", null, null);
        (await following.NextItemAsync()).ShouldNotBeNull();

        finish();

        (await Should.ThrowAsync<InvalidOperationException>(() => ToEndAsync(watching))).Message.ShouldContain("urn:realtimeops:unauthorized");
        (await Should.ThrowAsync<InvalidOperationException>(() => ToEndAsync(following))).Message.ShouldContain("urn:realtimeops:unauthorized");
        await watching.ClosedAsync().Limited();
        await following.ClosedAsync().Limited();
    }

    [Fact]
    public async Task Streams_AnotherKeyIsRevoked_GoOn()
    {
        Keys both = new Keys().With("anna", "submit read").With("bob", "read");
        await using GatewayServer server = await GatewayServer.StartAsync(both.Settings(), Forever);
        using GatewayClient anna = server.ClientWith(Keys.Of("anna"));
        using GatewayClient bob = server.ClientWith(Keys.Of("bob"));
        await using EventStream annas = await anna.WatchAsync("/operations");
        await using EventStream bobs = await bob.WatchAsync("/operations");

        server.Reconfigure(new Keys().With("anna", "submit read").Settings());

        await bobs.ToEndAsync();
        string id = (await anna.SubmitAsync(Inputs.Demo, Inputs.Quick)).Json.Text("id")!;
        (await annas.NextStatusAsync())!.Value.Text("id").ShouldBe(id);
    }

    private static readonly Script Forever = async (_, _, cancellation) =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        return RealtimeOps.Execution.OperationResult.None;
    };

    private static async Task<(GatewayServer Server, GatewayClient Anna, string Credential, Action Finish)> StartAsync(string end)
    {
        var time = new ShiftedTime();
        DateTimeOffset soon = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().AddHours(1).ToUnixTimeSeconds());
        bool isToken = end.Contains("token", StringComparison.Ordinal) || end.Contains("signing", StringComparison.Ordinal);
        Dictionary<string, string?> settings = isToken ? Tokens.Settings : new Keys().With("anna", "submit read manage", expiresAt: end == "expires" ? soon : null).Settings();
        GatewayServer server = await GatewayServer.StartAsync(settings, Forever, time);
        string credential = isToken ? Tokens.For("anna", "submit read manage", soon) : Keys.Of("anna");
        return (server, server.ClientWith(credential), credential, end switch
        {
            "is revoked" => () => server.Reconfigure(new Keys().With("anna", "submit read manage", key: "another").Settings()),
            "signing key is replaced" => () => server.Reconfigure(new(Tokens.Settings) { ["Security:Jwt:SigningKeys:0"] = new string('y', 40) }),
            _ => () => time.Advance(TimeSpan.FromHours(1)),
        });
    }

    private static async Task ToEndAsync(HubClient hub)
    {
        while (await hub.NextItemAsync() is not null)
        {
        }
    }
}
