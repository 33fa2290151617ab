using System.Text.Json;
using RealtimeOps.Execution;
using RealtimeOps.IntegrationTests.Webhooks;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Mailboxes;

/// <summary>Standing wishes that end in a mailbox.</summary>
public sealed class MailboxSubscriptionTests
{
    [Fact]
    public async Task Completed_IsSignedWithTheSecretsOfTheSubscription()
    {
        await using GatewayServer server = await WebhookServer.StartAsync(new() { ["Webhooks:Secret"] = null });
        Answer created = await server.Client.SubscribeAsync(new { webhook = "mailbox:all" });
        string before = created.Json.Text("secret")!;
        await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);
        string after = (await server.Client.PostAsync(created.Uri + "/rotate-secret")).ShouldBe(200).Json.Text("secret")!;

        Received message = (await server.Client.ReadAsync("all")).ShouldHaveSingleItem().AsReceived();

        message.Signatures.ShouldBe([message.SignatureBy(after), message.SignatureBy(before)]);
        message.Json.Number("progress").ShouldBe(100);
    }

    [Fact]
    public async Task Changes_NotRead_OnlyTheNewestAndTheEndAreThere()
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
        Answer created = await server.Client.SubscribeAsync(new { webhook = "mailbox:changes", events = "changes" });
        Answer submitted = await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty);
        JsonElement read = await NextAsync(server.Client, "before");
        goOn.Set();
        JsonElement newer = await NextAsync(server.Client, "after");

        (await server.Client.PostAsync(submitted.Uri + "/cancel")).ShouldBe(202);
        JsonElement final = await server.Client.WaitForEndAsync(submitted.Uri);

        JsonElement[] rest = await server.Client.ReadAsync("changes");
        rest[^1].AsReceived().Json.GetRawText().ShouldBe((await server.Client.GetAsync(final.Text("uri")!)).Text);
        rest.Length.ShouldBe(1, "A change that nobody has read gives way to a newer one.");
        (await server.Client.PendingAsync("changes")).ShouldBeGreaterThanOrEqualTo(3, "What was read waits for its acknowledgement.");
        (await server.Client.DeleteAsync($"/mailboxes/changes?upTo={rest[^1].Text("id")}")).ShouldBe(204);
        (await server.Client.PendingAsync("changes")).ShouldBe(0);
        read.Text("id").ShouldNotBe(newer.Text("id"));
        (await server.Client.GetAsync(created.Uri + "/deliveries?state=pending")).Json.GetProperty("deliveries").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Paused_HoldsBackUntilResumed()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        Answer created = await server.Client.SubscribeAsync(new { webhook = "mailbox:all" });
        (await server.Client.PostAsync(created.Uri + "/pause")).ShouldBe(200);
        JsonElement final = await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);
        (await server.Client.ReadAsync("all")).ShouldBeEmpty();

        Task<JsonElement[]> held = server.Client.ReadAsync("all", headers: ("Prefer", "wait=60"));
        (await server.Client.PostAsync(created.Uri + "/resume")).ShouldBe(200);

        JsonElement message = (await held.Limited()).ShouldHaveSingleItem();
        message.AsReceived().Json.Text("uri").ShouldBe(final.Text("uri"));
        (await server.Client.PostAsync(created.Uri + "/pause")).ShouldBe(200);
        (await server.Client.PostAsync($"/deliveries/{message.Text("id")}/redeliver")).ShouldBe(202);
        (await server.Client.ReadAsync("all")).ShouldBeEmpty("As with any other target, it waits until the subscription resumes.");
        (await server.Client.PostAsync(created.Uri + "/resume")).ShouldBe(200);
        (await server.Client.ReadAsync("all", headers: ("Prefer", "wait=60"))).Ids().ShouldBe([message.Text("id")!]);
    }

    [Fact]
    public async Task Test_ComesIn()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        Answer created = await server.Client.SubscribeAsync(new { webhook = "mailbox:all" });

        (await server.Client.PostAsync(created.Uri + "/test")).ShouldBe(202);

        (await server.Client.ReadAsync("all", headers: ("Prefer", "wait=60"))).ShouldHaveSingleItem().AsReceived().Json.Text("type").ShouldBe("test");
    }

    [Fact]
    public async Task Deleted_TakesItsMessagesAlong()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        Answer created = await server.Client.SubscribeAsync(new { webhook = "mailbox:all" });
        await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);

        (await server.Client.DeleteAsync(created.Uri)).ShouldBe(204);

        (await server.Client.GetAsync("/mailboxes/all")).ShouldBe(200).Text.ShouldBe("""{"messages":[],"pending":0}""");
    }

    [Fact]
    public async Task Abandoned_IsSwitchedOffAtLast()
    {
        var time = new ShiftedTime();
        await using GatewayServer server = await WebhookServer.StartAsync(new() { ["Webhooks:DisableAfter"] = "1.00:00:00" }, time: time);
        Answer created = await server.Client.SubscribeAsync(new { webhook = "mailbox:nobody" });
        foreach (int _ in Enumerable.Range(0, 2))
        {
            await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);
            time.Advance(TimeSpan.FromDays(7.5));
            await server.Client.WaitForDeliveriesAsync(created.Uri + "/deliveries", all => all.All(delivery => delivery.Text("state") == "dead"));
        }

        JsonElement disabled = (await server.Client.GetAsync(created.Uri)).ShouldBe(200).Json;

        disabled.Text("state").ShouldBe("disabled");
        disabled.Text("disabledReason")!.ShouldContain("notFetched");
    }

    /// <summary>Reads until there is a message with that activity.</summary>
    private static async Task<JsonElement> NextAsync(GatewayClient client, string activity)
    {
        while (true)
        {
            foreach (JsonElement message in await client.ReadAsync("changes", "?visibility=600", ("Prefer", "wait=60")).Limited())
            {
                if (message.AsReceived().Json.Text("activity") == activity)
                {
                    return message;
                }
            }
        }
    }
}
