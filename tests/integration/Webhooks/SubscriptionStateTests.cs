using System.Text.Json;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Webhooks;

/// <summary>A subscription that is paused, switched off or deleted, and what becomes of its messages.</summary>
public sealed class SubscriptionStateTests : IAsyncLifetime
{
    private WebhookReceiver? _receiver;

    private WebhookReceiver Receiver => _receiver ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync() => _receiver = await WebhookReceiver.StartAsync();

    public ValueTask DisposeAsync() => Receiver.DisposeAsync();

    [Fact]
    public async Task Paused_IsToldWhatItMissedWhenItResumes()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        string uri = await Receiver.SubscribeAsync(server, "/a", new { });
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
        await using GatewayServer server = await WebhookServer.StartAsync(new() { ["Webhooks:RetrySchedule:0"] = "00:00:10" });
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
    public async Task Test_SendsAMessageEvenWhilePaused()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        string uri = await Receiver.SubscribeAsync(server, "/a", new { });
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
        string uri = await Receiver.SubscribeAsync(server, "/a", new { });
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
        string uri = await Receiver.SubscribeAsync(server, "/a", new { });
        await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);
        JsonElement delivered = await server.Client.WaitForDeliveryAsync("/deliveries", "delivered");

        await server.Client.DeleteAsync(uri);

        (await server.Client.PostAsync(delivered.Text("uri") + "/redeliver")).ShouldBeProblem(409);
        (await server.Client.PostAsync("/deliveries/redeliver?state=delivered")).ShouldBe(202).Json.Number("redelivered").ShouldBe(0);
        (await server.Client.GetAsync(delivered.Text("uri")!)).ShouldBe(200).Json.Text("state").ShouldBe("delivered");
    }
}
