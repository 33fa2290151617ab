using System.Text.Json;
using RealtimeOps.IntegrationTests.Webhooks;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Mailboxes;

/// <summary>How much goes in, for how long, and whose it is.</summary>
public sealed class MailboxRulesTests
{
    [Fact]
    public async Task Full_RefusesSubmissionsUntilSomethingIsAcknowledged()
    {
        await using GatewayServer server = await WebhookServer.StartAsync(new() { ["Mailboxes:Capacity"] = "2" });
        object hooked = new { steps = 1, stepMs = 0, webhook = "mailbox:small" };
        Answer late = await server.Client.SubmitAsync(Inputs.Demo, hooked, "?delay=PT1H");
        (await server.Client.PutAsync("/operations/demo.steps/mine", hooked)).ShouldBe(202);
        JsonElement mine = await server.Client.WaitForEndAsync("/operations/demo.steps/mine");
        await server.Client.RunIntoAsync("small");

        Answer refused = (await server.Client.PostAsync("/operations/demo.steps", hooked)).ShouldBeProblem(429, "mailbox-full");
        (await server.Client.PostAsync(mine.Text("uri") + "/resubmit")).ShouldBeProblem(429, "mailbox-full");
        (await server.Client.PutAsync("/operations/demo.steps/mine", hooked)).ShouldBe(200);
        (await server.Client.PostAsync("/operations/demo.steps", new { steps = 1, stepMs = 0, webhook = "mailbox:other" })).ShouldBe(202);
        (await server.Client.PostAsync(late.Uri + "/cancel")).ShouldBe(202);

        refused["Retry-After"].ShouldNotBeNull();
        refused.Json.Text("mailbox").ShouldBe("small");
        (await server.Client.GetAsync("/operations")).Json.GetProperty("operations").GetArrayLength().ShouldBe(4, "Nothing was accepted.");
        (await server.Client.PendingAsync("small")).ShouldBe(3, "The end of what was accepted always goes in.");
        string[] ids = (await server.Client.ReadAsync("small")).Ids();
        (await server.Client.DeleteAsync($"/mailboxes/small?upTo={ids[1]}")).ShouldBe(204);
        (await server.Client.PostAsync("/operations/demo.steps", hooked)).ShouldBe(202);
    }

    [Fact]
    public async Task TooOld_LeavesTheMailboxDeadAndCanBeSentAgain()
    {
        var time = new ShiftedTime();
        await using GatewayServer server = await WebhookServer.StartAsync(time: time);
        string uri = JsonDocument.Parse(await server.Client.RunIntoAsync("old")).RootElement.Text("uri")!;
        await server.Client.PatchAsync(uri, new { expiresAt = time.GetUtcNow().AddDays(30) });

        time.Advance(TimeSpan.FromDays(7.1));

        JsonElement dead = await server.Client.WaitForDeliveryAsync(uri + "/deliveries", "dead");
        dead.Attempts().Single().Text("error").ShouldBe("notFetched");
        (await server.Client.ReadAsync("old")).ShouldBeEmpty();
        (await server.Client.PostAsync(dead.Text("uri") + "/redeliver")).ShouldBe(202);
        (await server.Client.ReadAsync("old")).Ids().ShouldBe([dead.Text("id")!]);
    }

    [Fact]
    public async Task Name_OfAnotherOwner_IsRefusedAndTellsNothing()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        Database.Run(server, "INSERT INTO mailboxes (name, owner) VALUES ('theirs', 'somebody else')");
        string id = "msg_" + new string('0', 26);

        Answer refused = (await server.Client.PostAsync("/operations/demo.steps", new { steps = 1, stepMs = 0, webhook = "mailbox:theirs" })).ShouldBeProblem(409, "conflict");
        (await server.Client.PostAsync("/subscriptions", new { webhook = "mailbox:theirs" })).ShouldBeProblem(409);
        (await server.Client.GetAsync("/mailboxes/theirs")).ShouldBeProblem(404);
        (await server.Client.GetAsync("/mailboxes/theirs", ("Accept", "text/event-stream"))).ShouldBeProblem(404);
        (await server.Client.GetAsync($"/mailboxes/theirs/{id}")).ShouldBeProblem(404);
        (await server.Client.DeleteAsync($"/mailboxes/theirs/{id}")).ShouldBeProblem(404);
        (await server.Client.DeleteAsync($"/mailboxes/theirs?upTo={id}")).ShouldBeProblem(404);

        refused.Text.ShouldNotContain("somebody");
        (await server.Client.GetAsync("/operations")).Json.GetProperty("operations").GetArrayLength().ShouldBe(0);
        (await server.Client.GetAsync("/mailboxes")).Json.GetProperty("mailboxes").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task List_IsNewestFirstInPages()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        await server.Client.RunIntoAsync("a");
        await server.Client.SubscribeAsync(new { webhook = "mailbox:b" });
        await server.Client.RunIntoAsync("c");

        Answer first = (await server.Client.GetAsync("/mailboxes?pageSize=2")).ShouldBe(200);
        Answer second = (await server.Client.GetAsync("/mailboxes?pageSize=2&pageToken=" + first.Json.Text("nextPageToken"))).ShouldBe(200);

        JsonElement[] all = [.. first.Json.GetProperty("mailboxes").EnumerateArray(), .. second.Json.GetProperty("mailboxes").EnumerateArray()];
        all.Select(mailbox => (mailbox.Text("name"), mailbox.Number("pending"))).ShouldBe([("c", 1), ("b", 1), ("a", 1)]);
        second.Json.Has("nextPageToken").ShouldBeFalse();
        (await server.Client.GetAsync(all[0].Text("uri")!)).ShouldBe(200).Messages().Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("GET", "/mailboxes/.hidden", 400)]
    [InlineData("GET", "/mailboxes/a%20b", 400)]
    [InlineData("GET", "/mailboxes/orders?visibility=0", 400)]
    [InlineData("GET", "/mailboxes/orders?visibility=601", 400)]
    [InlineData("GET", "/mailboxes/orders?visibility=1.5", 400)]
    [InlineData("GET", "/mailboxes/orders?visibility=1&visibility=2", 400)]
    [InlineData("GET", "/mailboxes/orders?pageSize=201", 400)]
    [InlineData("GET", "/mailboxes/orders/nothing", 404)]
    [InlineData("DELETE", "/mailboxes/orders", 400)]
    [InlineData("DELETE", "/mailboxes/orders?upTo=", 400)]
    [InlineData("DELETE", "/mailboxes/orders?upTo=42", 400)]
    [InlineData("DELETE", "/mailboxes/orders/42", 404)]
    [InlineData("POST", "/mailboxes/orders", 405)]
    [InlineData("DELETE", "/mailboxes", 405)]
    public async Task Request_Malformed_IsAProblem(string method, string path, int code)
    {
        await using GatewayServer server = await WebhookServer.StartAsync();

        (await server.Client.SendAsync(new HttpMethod(method), path, null)).ShouldBeProblem(code);
    }

    [Theory]
    [InlineData("mailbox:")]
    [InlineData("mailbox:.a")]
    [InlineData("mailbox:a/b")]
    [InlineData("MAILBOX:a")]
    public async Task Webhook_MalformedMailbox_IsRefused(string webhook)
    {
        await using GatewayServer server = await WebhookServer.StartAsync();

        (await server.Client.PostAsync("/operations/demo.steps", new { steps = 1, stepMs = 0, webhook })).ShouldBeProblem(400).Pointers().ShouldBe(["/webhook"]);
    }

    [Fact]
    public async Task Head_TakesNothing()
    {
        await using GatewayServer server = await WebhookServer.StartAsync();
        await server.Client.RunIntoAsync("orders");

        (await server.Client.SendAsync(HttpMethod.Head, "/mailboxes/orders", null)).ShouldBe(405);

        (await server.Client.ReadAsync("orders")).Length.ShouldBe(1);
    }
}
