using System.Text.Json;
using RealtimeOps.Execution;
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
        await SubscribeAsync(server, "/all", new { });
        await SubscribeAsync(server, "/failed", new { states = new[] { "failed" } });
        await SubscribeAsync(server, "/csv", new { types = new[] { Inputs.Csv } });
        await SubscribeAsync(server, "/maps", new { tags = new { team = "maps" } });

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
        string uri = await SubscribeAsync(server, "/a", new { types = new[] { Inputs.Csv } });

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
        string expiring = await SubscribeAsync(server, "/expiring", new { expiresAt = time.GetUtcNow().AddHours(1) });
        string renewed = await SubscribeAsync(server, "/renewed", new { expiresAt = time.GetUtcNow().AddHours(1) });
        (await server.Client.PatchAsync(renewed, new { expiresAt = time.GetUtcNow().AddHours(3) })).ShouldBe(200);

        time.Advance(TimeSpan.FromHours(2));
        await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);

        (await Receiver.NextAsync()).Path.ShouldBe("/renewed");
        (await server.Client.GetAsync(expiring)).ShouldBeProblem(404);
        (await server.Client.GetAsync("/subscriptions")).Json.GetProperty("subscriptions").EnumerateArray().Single().Text("uri").ShouldBe(renewed);
        (await server.Client.GetAsync("/deliveries")).Json.GetProperty("deliveries").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Paused_IsToldWhatItMissedWhenItResumes()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        string uri = await SubscribeAsync(server, "/a", new { });
        (await server.Client.PostAsync(uri + "/pause")).ShouldBe(200).Json.Text("state").ShouldBe("paused");
        JsonElement[] missed = [await server.Client.RunAsync(Inputs.Demo, Inputs.Quick), await server.Client.RunAsync(Inputs.Demo, Inputs.Quick)];
        JsonElement[] kept = await server.Client.WaitForDeliveriesAsync(uri + "/deliveries", deliveries => deliveries.Length == 2);
        kept.ShouldAllBe(delivery => delivery.Text("state") == "pending" && !delivery.Has("nextAttemptAt"));
        await server.RestartAsync();
        Receiver.All.ShouldBeEmpty();

        (await server.Client.PostAsync(uri + "/resume")).ShouldBe(200).Json.Text("state").ShouldBe("active");

        (await Receiver.NextAsync(2)).Select(message => message.Json.Text("uri")).ShouldBe(missed.Select(one => one.Text("uri")), ignoreOrder: true);
    }

    [Fact]
    public async Task Paused_WhileARetryWaits_IsNotTried()
    {
        await using WebhookReceiver failing = await WebhookReceiver.AnsweringAsync(500);
        await using GatewayServer server = await WebhookServer.StartAsync(new() { ["Webhooks:RetrySchedule:0"] = "00:00:03" });
        Answer subscription = await server.Client.SubscribeAsync(new { webhook = failing.Address });
        await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);
        await failing.NextAsync();
        await server.Client.PostAsync(subscription.Uri + "/pause");

        await server.Client.WaitForDeliveriesAsync(subscription.Uri + "/deliveries", all => all.Single().Attempts().Length == 1 && !all.Single().Has("nextAttemptAt"));
        await server.Client.PostAsync(subscription.Uri + "/resume");

        await server.Client.WaitForDeliveryAsync(subscription.Uri + "/deliveries", "delivered");
        failing.All.Count.ShouldBe(2);
    }

    [Fact]
    public async Task RotateSecret_BothSignForADay()
    {
        var time = new ShiftedTime();
        await using GatewayServer server = await WebhookServer.StartAsync(time: time);
        string uri = await SubscribeAsync(server, "/a", new { });

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

    [Fact]
    public async Task Test_SendsAMessageEvenWhilePaused()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        string uri = await SubscribeAsync(server, "/a", new { });
        await server.Client.PostAsync(uri + "/pause");

        Answer test = (await server.Client.PostAsync(uri + "/test")).ShouldBe(202);

        Received message = await Receiver.NextAsync();
        message.Id.ShouldBe(test.Json.Text("id"));
        message.Json.Text("type").ShouldBe("test");
        message.Json.Text("subscription").ShouldBe(uri);
        message.Signatures.ShouldBe([message.SignatureBy(WebhookServer.Secret)]);
        (await server.Client.WaitForDeliveryAsync(uri + "/deliveries", "delivered")).Text("uri").ShouldBe(test["Location"]);
    }

    [Fact]
    public async Task Target_Answers410_SwitchesOffAndKeepsWhatFollows()
    {
        await using WebhookReceiver gone = await WebhookReceiver.AnsweringAsync(410);
        await using GatewayServer server = await WebhookServer.StartAsync();
        Answer subscription = await server.Client.SubscribeAsync(new { webhook = gone.Address });
        await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);
        await server.Client.WaitForDeliveryAsync("/deliveries", "dead");

        JsonElement disabled = (await server.Client.GetAsync(subscription.Uri)).Json;
        await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);

        disabled.Text("state").ShouldBe("disabled");
        disabled.Text("disabledReason").ShouldNotBeNull().ShouldContain("410");
        gone.All.Count.ShouldBe(1);
        (await server.Client.PostAsync(subscription.Uri + "/resume")).ShouldBe(200).Json.Text("state").ShouldBe("active");
        await server.Client.WaitForDeliveryAsync("/deliveries?state=delivered", "delivered");
    }

    [Fact]
    public async Task Target_FailsForFiveDays_SwitchesOffAndSaysSo()
    {
        var time = new ShiftedTime();
        await using WebhookReceiver failing = await WebhookReceiver.AnsweringAsync([.. Enumerable.Repeat(500, 100)]);
        await using GatewayServer server = await WebhookServer.StartAsync(new() { ["Webhooks:RetrySchedule:0"] = "00:00:00", ["Webhooks:RetrySchedule:1"] = "00:00:00" }, time: time);
        Answer subscription = await server.Client.SubscribeAsync(new { webhook = failing.Address });
        await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);
        await server.Client.WaitForDeliveryAsync("/deliveries", "dead");
        (await server.Client.GetAsync(subscription.Uri)).Json.Text("state").ShouldBe("active");

        time.Advance(TimeSpan.FromDays(5));
        await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);
        await failing.NextAsync(4);
        await server.Client.WaitForDeliveriesAsync("/deliveries", all => all[0].Attempts().Length == 1);

        JsonElement disabled = (await server.Client.GetAsync(subscription.Uri)).Json;
        disabled.Text("state").ShouldBe("disabled");
        disabled.Text("disabledReason").ShouldNotBeNull().ShouldContain("status");
    }

    [Fact]
    public async Task Delete_WhatWaits_IsNotSent()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        string uri = await SubscribeAsync(server, "/a", new { });
        await server.Client.PostAsync(uri + "/pause");
        await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);

        (await server.Client.DeleteAsync(uri)).ShouldBe(204);

        (await server.Client.GetAsync("/deliveries")).Json.GetProperty("deliveries").GetArrayLength().ShouldBe(0);
        (await server.Client.DeleteAsync(uri)).ShouldBeProblem(404);
    }

    [Fact]
    public async Task Delete_WhatWasSent_IsStillListedAndCannotBeSentAgain()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        string uri = await SubscribeAsync(server, "/a", new { });
        await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);
        JsonElement delivered = await server.Client.WaitForDeliveryAsync("/deliveries", "delivered");

        await server.Client.DeleteAsync(uri);

        (await server.Client.PostAsync(delivered.Text("uri") + "/redeliver")).ShouldBeProblem(409);
        (await server.Client.PostAsync("/deliveries/redeliver?state=delivered")).ShouldBe(202).Json.Number("redelivered").ShouldBe(0);
        (await server.Client.GetAsync(delivered.Text("uri")!)).ShouldBe(200).Json.Text("state").ShouldBe("delivered");
    }

    [Fact]
    public async Task Changes_ToldAtMostOnceASecond_NewestAndTheEnd()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        await SubscribeAsync(server, "/changes", new { events = "changes" });

        JsonElement final = await server.Client.RunAsync(Inputs.Demo, new { steps = 300, stepMs = 10 });

        var messages = new List<Received>();
        do
        {
            messages.Add(await Receiver.NextAsync());
        }
        while (messages[^1].Json.Number("progress") != 100);
        TimeSpan took = messages[^1].At - final.Instant("createdAt")!.Value;
        messages.Count.ShouldBeInRange(3, (int)took.TotalSeconds + 3);
        messages.Select(message => message.Id).Distinct().Count().ShouldBe(messages.Count);
        messages.Select(message => message.Json.Number("version")!.Value).ShouldBeInOrder();
        messages[^1].Text.ShouldBe((await server.Client.GetAsync(final.Text("uri")!)).Text);
    }

    [Fact]
    public async Task Changes_WhilePaused_OnlyTheNewestIsKept()
    {
        var goOn = new Signal();
        await using GatewayServer server = await WebhookServer.StartAsync(script: async (_, context, cancellation) =>
        {
            context.Report(10.0, "before");
            await goOn.WaitAsync(cancellation);
            context.Report(50.0, "after");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return OperationResult.None;
        });
        string uri = await SubscribeAsync(server, "/changes", new { events = "changes", types = new[] { Inputs.Script } });
        await server.Client.PostAsync(uri + "/pause");
        await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty);
        await server.Client.WaitForDeliveriesAsync(uri + "/deliveries", all => all.Length == 1);
        string first = (await server.Client.GetAsync(uri + "/deliveries")).Json.GetProperty("deliveries")[0].Text("id")!;

        goOn.Set();
        await server.Client.WaitForDeliveriesAsync(uri + "/deliveries", all => all.Length == 1 && all[0].Text("id") != first);
        await server.Client.PostAsync(uri + "/resume");

        (await Receiver.NextAsync()).Json.Text("activity").ShouldBe("after");
        Receiver.All.Count.ShouldBe(1);
    }

    private async Task<string> SubscribeAsync(GatewayServer server, string path, object wishes)
    {
        var subscription = JsonSerializer.SerializeToNode(wishes)!.AsObject();
        subscription["webhook"] = Receiver.Address + path;
        return (await server.Client.SubscribeAsync(subscription.ToJsonString())).Uri;
    }
}
