using System.Text.Json;
using RealtimeOps.Execution;
using RealtimeOps.IntegrationTests.Webhooks;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Mailboxes;

/// <summary>A callback lies in its mailbox until it is acknowledged.</summary>
public sealed class MailboxReadTests
{
    [Fact]
    public async Task End_IntoAMailbox_IsTheSignedFinalStatus()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();

        string final = await server.Client.RunIntoAsync("orders");

        Answer read = (await server.Client.GetAsync("/mailboxes/orders")).ShouldBe(200);
        JsonElement message = read.Messages().ShouldHaveSingleItem();
        read.Json.Number("pending").ShouldBe(1);
        message.Text("body").ShouldBe(final);
        message.Instant("receivedAt")!.Value.ShouldBe(JsonDocument.Parse(final).RootElement.Instant("endedAt")!.Value);
        Received received = message.AsReceived();
        received.Id.ShouldBe(message.Text("id"));
        received.Signatures.ShouldBe([received.SignatureBy(WebhookServer.Secret)]);
        DateTimeOffset.FromUnixTimeSeconds(received.Timestamp).ShouldBe(received.At, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Acknowledged_IsDeliveredAndComesNoMore()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        string uri = JsonDocument.Parse(await server.Client.RunIntoAsync("orders")).RootElement.Text("uri")!;
        string id = (await server.Client.ReadAsync("orders")).Ids().Single();
        JsonElement pending = await server.Client.WaitForDeliveryAsync(uri + "/deliveries", "pending");

        (await server.Client.DeleteAsync($"/mailboxes/orders/{id}")).ShouldBe(204);
        (await server.Client.DeleteAsync($"/mailboxes/orders/{id}")).ShouldBe(204);

        pending.Text("id").ShouldBe(id);
        pending.Text("webhook").ShouldBe("mailbox:orders");
        pending.Has("nextAttemptAt").ShouldBeFalse();
        JsonElement delivered = await server.Client.WaitForDeliveryAsync(uri + "/deliveries", "delivered");
        delivered.Attempts().Length.ShouldBe(1, "A repeated DELETE changes nothing.");
        (await server.Client.PendingAsync("orders")).ShouldBe(0);
        (await server.Client.GetAsync($"/mailboxes/orders/{id}")).ShouldBeProblem(404);
        (await server.Client.GetAsync(uri + "/history")).Text.ShouldContain("\"event\":\"delivery\"");
    }

    [Fact]
    public async Task UpTo_TakesWhatWasGivenOutAndLosesNothingUnread()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        foreach (int _ in Enumerable.Range(0, 5))
        {
            await server.Client.RunIntoAsync("orders");
        }

        string[] ids = (await server.Client.ReadAsync("orders", "?pageSize=4")).Ids();
        (await server.Client.DeleteAsync($"/mailboxes/orders?upTo={ids[2]}")).ShouldBe(204);

        (await server.Client.PendingAsync("orders")).ShouldBe(2);
        string last = (await server.Client.ReadAsync("orders")).Ids().ShouldHaveSingleItem();
        (await server.Client.PostAsync($"/deliveries/{ids[0]}/redeliver")).ShouldBe(202);
        (await server.Client.DeleteAsync($"/mailboxes/orders?upTo={last}")).ShouldBe(204);
        (await server.Client.ReadAsync("orders")).Ids().ShouldBe([ids[0]], "It came back after the reading, so nobody had read it.");
    }

    [Fact]
    public async Task Read_NotAcknowledged_ComesAgainAfterItsTime()
    {
        var time = new ShiftedTime();
        await using GatewayServer server = await WebhookServer.StartAsync(time: time);
        await server.Client.RunIntoAsync("orders");

        JsonElement first = (await server.Client.ReadAsync("orders")).ShouldHaveSingleItem();
        Answer hidden = await server.Client.GetAsync("/mailboxes/orders");
        time.Advance(TimeSpan.FromSeconds(31));
        JsonElement second = (await server.Client.ReadAsync("orders", "?visibility=600")).ShouldHaveSingleItem();
        time.Advance(TimeSpan.FromSeconds(590));

        hidden.Messages().ShouldBeEmpty();
        hidden.Json.Number("pending").ShouldBe(1);
        second.Text("id").ShouldBe(first.Text("id"));
        second.Text("body").ShouldBe(first.Text("body"));
        (second.AsReceived().Timestamp - first.AsReceived().Timestamp).ShouldBeGreaterThan(30, "It is signed when it is given out.");
        (await server.Client.ReadAsync("orders")).ShouldBeEmpty();
    }

    [Fact]
    public async Task LongPoll_BeforeAnything_IsAnsweredAtTheEnd()
    {
        var goOn = new Signal();
        await using GatewayServer server = await WebhookServer.StartAsync(script: async (_, _, cancellation) =>
        {
            await goOn.WaitAsync(cancellation);
            return OperationResult.None;
        });

        Task<Answer> first = server.Client.GetAsync("/mailboxes/orders", ("Prefer", "wait=60"));
        Answer submitted = await server.Client.SubmitAsync(Inputs.Script, new { webhook = "mailbox:orders" });
        goOn.Set();
        Answer answer = (await first.Limited()).ShouldBe(200);

        answer["Preference-Applied"].ShouldBe("wait=60");
        answer.Messages().ShouldHaveSingleItem().Text("body")!.ShouldBe((await server.Client.GetAsync(submitted.Uri)).Text);
    }

    [Fact]
    public async Task LongPoll_NothingComes_IsEmptyAfterTheTime()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        long start = TimeProvider.System.GetTimestamp();

        Answer answer = (await server.Client.GetAsync("/mailboxes/orders", ("Prefer", "wait=1"))).ShouldBe(200);

        answer.Text.ShouldBe("""{"messages":[],"pending":0}""");
        TimeProvider.System.GetElapsedTime(start).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(900));
    }

    [Fact]
    public async Task LongPoll_WhileHidden_IsAnsweredWhenItComesBack()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        await server.Client.RunIntoAsync("orders");
        string id = (await server.Client.ReadAsync("orders", "?visibility=1")).Ids().Single();

        (await server.Client.ReadAsync("orders", headers: ("Prefer", "wait=60"))).Ids().ShouldBe([id]);
    }

    [Fact]
    public async Task Message_LookedAt_StaysAsItIs()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        string final = await server.Client.RunIntoAsync("orders");
        string id = (await server.Client.GetAsync("/deliveries")).Json.GetProperty("deliveries")[0].Text("id")!;

        JsonElement looked = (await server.Client.GetAsync($"/mailboxes/orders/{id}")).ShouldBe(200).Json;

        looked.Text("body").ShouldBe(final);
        looked.AsReceived().Signatures.ShouldBe([looked.AsReceived().SignatureBy(WebhookServer.Secret)]);
        (await server.Client.ReadAsync("orders")).Ids().ShouldBe([id]);
    }

    [Fact]
    public async Task Server_Restarted_KeepsMessagesAndWhoHasThem()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        await server.Client.RunIntoAsync("orders");
        await server.Client.RunIntoAsync("orders");
        string[] read = (await server.Client.ReadAsync("orders", "?pageSize=1")).Ids();

        await server.StopAsync();
        await server.StartAgainAsync();

        string[] rest = (await server.Client.ReadAsync("orders")).Ids();
        rest.ShouldHaveSingleItem().ShouldNotBe(read.Single());
        (await server.Client.PendingAsync("orders")).ShouldBe(2);
        (await server.Client.DeleteAsync($"/mailboxes/orders?upTo={rest[0]}")).ShouldBe(204);
        (await server.Client.PendingAsync("orders")).ShouldBe(0);
    }
}
