using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Webhooks;

/// <summary>Standing wishes to be told.</summary>
public sealed class SubscriptionTests : IAsyncLifetime
{
    private WebhookReceiver? _receiver;

    private WebhookReceiver Receiver => _receiver ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync() => _receiver = await WebhookReceiver.StartAsync();

    public ValueTask DisposeAsync() => Receiver.DisposeAsync();

    [Fact]
    public async Task Post_Subscription_IsShownAndListed()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        string expiresAt = GatewayClient.Text(TimeProvider.System.GetUtcNow().AddHours(1));

        Answer created = await server.Client.SubscribeAsync(
            new { webhook = Receiver.Address, types = new[] { Inputs.Demo }, states = new[] { "failed", "canceled" }, tags = new { team = "maps" }, events = "completed", expiresAt });

        created["Location"].ShouldBe(created.Uri);
        created.Json.Text("state").ShouldBe("active");
        created.Json.Text("expiresAt").ShouldBe(expiresAt);
        created.Json.Has("secret").ShouldBeFalse("Webhooks:Secret signs.");
        (await server.Client.GetAsync(created.Uri)).ShouldBe(200).Text.ShouldBe(created.Text);
        (await server.Client.GetAsync("/subscriptions")).ShouldBe(200).Json.GetProperty("subscriptions").EnumerateArray().Single().ToString().ShouldBe(created.Text);
        (await server.Client.DeleteAsync(created.Uri)).ShouldBe(204);
        (await server.Client.GetAsync(created.Uri)).ShouldBeProblem(404);
    }

    [Theory]
    [InlineData("{}", new[] { "/webhook" })]
    [InlineData("[]", new[] { "" })]
    [InlineData("{\"webhook\":", new[] { "" })]
    [InlineData("{\"webhook\":7,\"types\":[\"nope\",1],\"states\":\"failed\",\"tags\":[],\"events\":\"all\",\"expiresAt\":\"2001-01-01T00:00:00Z\",\"secret\":\"x\"}", new[] { "/webhook", "/types/0", "/types/1", "/states", "/tags", "/events", "/expiresAt", "/secret" })]
    [InlineData("{\"webhook\":\"http://8.8.8.8/\"}", new[] { "/webhook" })]
    public async Task Post_Faults_AreAllNamed(string body, string[] pointers)
    {
        await using GatewayServer server = await WebhookServer.StartAsync();

        (await server.Client.PostAsync("/subscriptions", body)).ShouldBeProblem(400, "invalid-input").Pointers().ShouldBe(pointers);
    }

    [Fact]
    public async Task Post_MoreThanACallerMayHave_IsRefused()
    {
        await using GatewayServer server = await WebhookServer.StartAsync(new() { ["Webhooks:SubscriptionsPerCaller"] = "1" });
        await server.Client.SubscribeAsync(new { webhook = Receiver.Address });

        (await server.Client.PostAsync("/subscriptions", new { webhook = Receiver.Address })).ShouldBeProblem(409);
    }

    [Fact]
    public async Task End_OnlyMatchingSubscriptions_AreTold()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        await Receiver.SubscribeAsync(server, "/all", new { });
        await Receiver.SubscribeAsync(server, "/failed", new { states = new[] { "failed" } });
        await Receiver.SubscribeAsync(server, "/csv", new { types = new[] { Inputs.Csv } });
        await Receiver.SubscribeAsync(server, "/maps", new { tags = new { team = "maps" } });

        await server.Client.RunAsync(Inputs.Demo, Inputs.Quick, "?tag.team=maps");
        (await Receiver.NextAsync(2)).Select(message => message.Path).Order().ShouldBe(["/all", "/maps"]);
        await server.Client.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, failAt = 1 });
        (await Receiver.NextAsync(2)).Select(message => message.Path).Order().ShouldBe(["/all", "/failed"]);
        await server.Client.WaitForDeliveriesAsync("/deliveries?state=delivered", deliveries => deliveries.Length == 4);
        (await server.Client.GetAsync("/deliveries")).Json.GetProperty("deliveries").GetArrayLength().ShouldBe(4, "Nobody else is told.");
    }

    [Fact]
    public async Task Patch_ChangesFiltersAndRenews()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        string uri = await Receiver.SubscribeAsync(server, "/a", new { types = new[] { Inputs.Csv } });

        Answer patched = (await server.Client.PatchAsync(uri, new { types = (string[]?)null, states = new[] { "succeeded" }, expiresAt = "2033-01-01T00:00:00Z" })).ShouldBe(200);

        patched.Json.Has("types").ShouldBeFalse();
        patched.Json.Text("expiresAt").ShouldBe("2033-01-01T00:00:00.000Z");
        (await server.Client.PatchAsync(uri, new { webhook = "https://elsewhere.example" })).ShouldBeProblem(400).Pointers().ShouldBe(["/webhook"]);
        await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);
        await Receiver.NextAsync();
    }

    [Fact]
    public async Task Expired_IsGoneAndToldNoMore()
    {
        var time = new ShiftedTime();
        await using GatewayServer server = await WebhookServer.StartAsync(time: time);
        string expiring = await Receiver.SubscribeAsync(server, "/expiring", new { expiresAt = time.GetUtcNow().AddHours(1) });
        string renewed = await Receiver.SubscribeAsync(server, "/renewed", new { expiresAt = time.GetUtcNow().AddHours(1) });
        (await server.Client.PatchAsync(renewed, new { expiresAt = time.GetUtcNow().AddHours(3) })).ShouldBe(200);

        time.Advance(TimeSpan.FromHours(2));
        await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);

        (await Receiver.NextAsync()).Path.ShouldBe("/renewed");
        (await server.Client.GetAsync(expiring)).ShouldBeProblem(404);
        (await server.Client.GetAsync("/subscriptions")).Json.GetProperty("subscriptions").EnumerateArray().Single().Text("uri").ShouldBe(renewed);
        (await server.Client.GetAsync("/deliveries")).Json.GetProperty("deliveries").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task RotateSecret_BothSignForADay()
    {
        var time = new ShiftedTime();
        await using GatewayServer server = await WebhookServer.StartAsync(time: time);
        string uri = await Receiver.SubscribeAsync(server, "/a", new { });

        string secret = (await server.Client.PostAsync(uri + "/rotate-secret")).ShouldBe(200).Json.Text("secret").ShouldNotBeNull();
        await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);
        Received during = await Receiver.NextAsync();
        time.Advance(TimeSpan.FromHours(25));
        await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);
        Received after = await Receiver.NextAsync();

        during.Signatures.ShouldBe([during.SignatureBy(secret), during.SignatureBy(WebhookServer.Secret)]);
        after.Signatures.ShouldBe([after.SignatureBy(secret)]);
        (await server.Client.GetAsync(uri)).Text.ShouldNotContain("whsec_", Case.Insensitive, "A secret is shown once.");
    }

    [Fact]
    public async Task Secret_NoneConfigured_EachSubscriptionGetsItsOwnShownOnce()
    {
        await using GatewayServer server = await WebhookServer.StartAsync(new() { ["Webhooks:Secret"] = null });

        Answer created = await server.Client.SubscribeAsync(new { webhook = Receiver.Address });
        string secret = created.Json.Text("secret").ShouldNotBeNull();
        await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);

        Received message = await Receiver.NextAsync();
        message.Signatures.ShouldBe([message.SignatureBy(secret)]);
        (await server.Client.GetAsync(created.Uri)).Json.Has("secret").ShouldBeFalse();
    }
}
