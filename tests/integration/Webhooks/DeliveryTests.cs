using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Webhooks;

/// <summary>A callback arrives, signed, until its receiver has taken it.</summary>
public sealed partial class DeliveryTests
{
    [Fact]
    public async Task End_WithWebhook_SendsTheFinalStatusSigned()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using GatewayServer server = await WebhookServer.StartAsync();

        JsonElement final = await server.Client.RunHookedAsync(receiver.Address + "/hook?a=b");

        Received message = await receiver.NextAsync();
        message.Path.ShouldBe("/hook");
        message.Text.ShouldBe((await server.Client.GetAsync(final.Text("uri")!)).Text, "The body is the final Status, byte for byte.");
        message.Id.ShouldMatch("^msg_[0-9a-z]{26}$");
        message.Signatures.ShouldBe([message.SignatureBy(WebhookServer.Secret)]);
        DateTimeOffset.FromUnixTimeSeconds(message.Timestamp).ShouldBe(message.At, TimeSpan.FromSeconds(30));
        message.Headers["Content-Type"].ShouldBe("application/json");
        message.Headers["User-Agent"].ShouldMatch(@"^RealtimeOps/\d+\.\d+\.\d+$");
        message.Headers["traceparent"].ShouldMatch("^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$");
        JsonElement delivery = await server.Client.WaitForDeliveryAsync(final.Text("uri") + "/deliveries", "delivered");
        delivery.Text("id").ShouldBe(message.Id);
        delivery.Text("operation").ShouldBe(final.Text("uri"));
        delivery.Text("webhook").ShouldBe(receiver.Address + "/hook?a=b");
        delivery.Has("nextAttemptAt").ShouldBeFalse();
        delivery.Attempts().Single().Number("status").ShouldBe(200);
        (await server.Client.GetAsync(delivery.Text("uri")!)).ShouldBe(200).Text.ShouldBe(delivery.ToString());
    }

    [Theory]
    [InlineData("{\"steps\":2,\"stepMs\":0,\"failAt\":1,\"failStatus\":77,\"webhook\":\"URI\"}", "failed")]
    [InlineData("{\"steps\":1,\"stepMs\":0,\"webhook\":\"URI\"}", "succeeded")]
    public async Task End_HoweverItCame_IsTold(string input, string state)
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using GatewayServer server = await WebhookServer.StartAsync();

        await server.Client.SubmitAsync(Inputs.Demo, input.Replace("URI", receiver.Address, StringComparison.Ordinal));

        (await receiver.NextAsync()).Json.Text("state").ShouldBe(state);
    }

    [Fact]
    public async Task End_CanceledWhileItWaited_IsTold()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using GatewayServer server = await WebhookServer.StartAsync();
        Answer waiting = await server.Client.SubmitAsync(Inputs.Demo, new { steps = 1, stepMs = 0, webhook = receiver.Address }, "?delay=PT1H");

        (await server.Client.PostAsync(waiting.Uri + "/cancel")).ShouldBe(202);

        (await receiver.NextAsync()).Json.Text("state").ShouldBe("canceled");
    }

    [Fact]
    public async Task Try_Fails_IsRepeatedWithTheSameIdAndBodyAndEveryTryIsARow()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync(async (context, _) =>
        {
            bool isFirst = Interlocked.Exchange(ref _answered, 1) == 0;
            context.Response.StatusCode = isFirst ? 500 : 200;
            await context.Response.WriteAsync(isFirst ? "Broken. " + new string('x', 5000) : "Thanks.");
        });
        await using GatewayServer server = await WebhookServer.StartAsync();

        JsonElement final = await server.Client.RunHookedAsync(receiver.Address);

        List<Received> tries = await receiver.NextAsync(2);
        tries[1].Id.ShouldBe(tries[0].Id);
        tries[1].Text.ShouldBe(tries[0].Text);
        tries[1].Signatures.ShouldBe([tries[1].SignatureBy(WebhookServer.Secret)]);
        JsonElement[] attempts = (await server.Client.WaitForDeliveryAsync(final.Text("uri") + "/deliveries", "delivered")).Attempts();
        attempts.Select(attempt => attempt.Number("status")).ShouldBe([500, 200]);
        attempts.Select(attempt => attempt.Text("error")).ShouldBe(["status", null]);
        attempts[0].Text("answer")!.Length.ShouldBe(2048);
        attempts[0].Text("answer").ShouldStartWith("Broken.");
        attempts[1].Text("answer").ShouldBe("Thanks.");
        attempts[1].Instant("at").ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(attempts[0].Instant("at")!.Value.AddMilliseconds(90));
        JsonElement[] history = [.. (await server.Client.GetAsync(final.Text("uri") + "/history")).Json.GetProperty("events").EnumerateArray()];
        history.Where(one => one.Text("event") == "delivery").Select(one => one.Number("status")).ShouldBe([500, 200]);
    }

    private int _answered;

    [Fact]
    public async Task Try_FailsAlways_IsDeadAfterTheScheduleAndCanBeSentAgain()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.AnsweringAsync(503, 503, 503);
        await using GatewayServer server = await WebhookServer.StartAsync();
        JsonElement final = await server.Client.RunHookedAsync(receiver.Address);

        JsonElement dead = await server.Client.WaitForDeliveryAsync(final.Text("uri") + "/deliveries", "dead");

        dead.Attempts().Length.ShouldBe(3);
        dead.Has("nextAttemptAt").ShouldBeFalse();
        (await server.Client.GetAsync("/deliveries?state=dead")).Json.GetProperty("deliveries").GetArrayLength().ShouldBe(1);
        (await server.Client.GetAsync("/health/ready")).ShouldBe(200).Text.ShouldContain("""{"name":"webhooks","status":"degraded","reason":"1 dead webhook messages; see GET /deliveries?state=dead."}""");
        (await server.Client.PostAsync(dead.Text("uri") + "/redeliver")).ShouldBe(202).Json.Text("state").ShouldBe("pending");
        JsonElement again = await server.Client.WaitForDeliveryAsync("/deliveries", "delivered");
        again.Text("id").ShouldBe(dead.Text("id"));
        again.Attempts().Length.ShouldBe(4);
        receiver.All.Select(message => message.Id).Distinct().Count().ShouldBe(1);
        (await server.Client.GetAsync("/health/ready")).ShouldBe(200).Json.Text("status").ShouldBe("healthy");
    }

    [Fact]
    public async Task Redeliver_ByFilter_SendsThoseAgain()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.AnsweringAsync(410, 410, 410);
        await using GatewayServer server = await WebhookServer.StartAsync();
        JsonElement[] finals = [await server.Client.RunHookedAsync(receiver.Address), await server.Client.RunHookedAsync(receiver.Address), await server.Client.RunHookedAsync(receiver.Address)];
        JsonElement[] dead = await server.Client.WaitForDeliveriesAsync("/deliveries?state=dead", deliveries => deliveries.Length == 3);
        dead.ShouldAllBe(delivery => delivery.Attempts().Length == 1 && delivery.Attempts()[0].Text("error") == "gone");

        (await server.Client.PostAsync($"/deliveries/redeliver?operation={finals[1].Text("uri")}")).ShouldBe(202).Json.Number("redelivered").ShouldBe(1);
        (await server.Client.WaitForDeliveryAsync("/deliveries?state=delivered", "delivered")).Text("operation").ShouldBe(finals[1].Text("uri"));
        (await server.Client.PostAsync("/deliveries/redeliver")).ShouldBe(202).Json.Number("redelivered").ShouldBe(2);
        await server.Client.WaitForDeliveriesAsync("/deliveries?state=delivered", deliveries => deliveries.Length == 3);
        (await server.Client.PostAsync("/deliveries/redeliver")).ShouldBe(202).Json.Number("redelivered").ShouldBe(0);
    }

    [Fact]
    public async Task Traceparent_OfTheSubmission_GoesOn()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using GatewayServer server = await WebhookServer.StartAsync();
        string trace = ActivityTraceId.CreateRandom().ToHexString();

        (await server.Client.PostAsync("/operations/demo.steps", new { steps = 1, stepMs = 0, webhook = receiver.Address }, ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"))).ShouldBe(202);

        TraceOf((await receiver.NextAsync()).Headers["traceparent"]).ShouldBe(trace);
    }

    [Fact]
    public async Task End_WithoutWebhook_SendsNothing()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();

        JsonElement final = await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);

        (await server.Client.GetAsync(final.Text("uri") + "/deliveries")).ShouldBe(200).Json.GetProperty("deliveries").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Secret_NotConfigured_IsMadeOnceAndKeptInTheDataFolder()
    {
        Assert.SkipWhen(TestStore.IsShared, "A shared store keeps it in the database.");
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using GatewayServer server = await WebhookServer.StartAsync(new() { ["Webhooks:Secret"] = null });
        string file = Path.Combine(server.DataPath, "webhook-secret");
        string secret = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Trim();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }


        await server.RestartAsync();
        await server.Client.RunHookedAsync(receiver.Address);

        Received message = await receiver.NextAsync();
        message.Signatures.ShouldBe([message.SignatureBy(secret)]);
    }

    [Fact]
    public async Task Deliveries_Lists_HavePages()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using GatewayServer server = await WebhookServer.StartAsync();
        for (int i = 0; i < 3; i++)
        {
            await server.Client.RunHookedAsync(receiver.Address);
        }

        JsonElement first = (await server.Client.GetAsync("/deliveries?pageSize=2")).ShouldBe(200).Json;
        JsonElement second = (await server.Client.GetAsync($"/deliveries?pageSize=2&pageToken={first.Text("nextPageToken")}")).ShouldBe(200).Json;

        second.Has("nextPageToken").ShouldBeFalse();
        first.GetProperty("deliveries").EnumerateArray().Concat(second.GetProperty("deliveries").EnumerateArray()).Select(delivery => delivery.Text("id")).Distinct().Count().ShouldBe(3);
    }

    [Theory]
    [InlineData("/deliveries?state=lost", 400)]
    [InlineData("/deliveries?operation=nowhere", 400)]
    [InlineData("/deliveries?pageSize=0", 400)]
    [InlineData("/deliveries/msg_nothing", 404)]
    [InlineData("/subscriptions/nothing", 404)]
    [InlineData("/subscriptions/nothing/deliveries", 404)]
    [InlineData("/operations/demo.steps/nothing/deliveries", 404)]
    public async Task Get_WhatIsNotThere_IsAProblem(string path, int code)
    {
        await using GatewayServer server = await WebhookServer.StartAsync();

        (await server.Client.GetAsync(path)).ShouldBeProblem(code);
    }

    private static string TraceOf(string traceparent) => TraceParent().Match(traceparent).Groups["trace"].Value;

    [GeneratedRegex("^00-(?<trace>[0-9a-f]{32})-", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TraceParent();
}
