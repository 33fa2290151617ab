using System.Text;
using RealtimeOps.IntegrationTests.Mailboxes;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Security;

/// <summary>What a key made while it was good for every type, and what is left to see of it since it is limited to one.</summary>
public sealed class TypeLimitTests : IAsyncLifetime
{
    private const string Box = "/mailboxes/mixed";

    private GatewayServer _server = null!;
    private GatewayClient _anna = null!;
    private string _demo = null!;
    private string _csv = null!;
    private string _subscription = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await GatewayServer.StartAsync(new Keys().With("anna", "submit read manage").Settings());
        _anna = _server.ClientWith(Keys.Of("anna"));
        _csv = await MessageOfAsync(await _anna.SendAsync(HttpMethod.Post, "/operations/csv.profile?webhook=mailbox:mixed", new StringContent("id\n1\n", Encoding.ASCII, "text/csv")));
        _demo = await MessageOfAsync(await _anna.PostAsync("/operations/demo.steps?webhook=mailbox:mixed", Inputs.Quick));
        _subscription = (await _anna.PostAsync("/subscriptions", new { webhook = "mailbox:mixed" })).ShouldBe(201).Json.Text("id")!;
        _server.Reconfigure(new Keys().With("anna", "submit read manage", types: Inputs.Demo).Settings());
    }

    public async ValueTask DisposeAsync()
    {
        _anna.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Deliveries_OfAnotherType_AreNotThere()
    {
        string test = (await _anna.PostAsync($"/subscriptions/{_subscription}/test")).ShouldBe(202).Json.Text("id")!;

        (await ListAsync("/deliveries")).ShouldBe([test, _demo]);
        (await ListAsync("/deliveries?operation=/operations/csv.profile/any")).ShouldBeEmpty();
        (await ListAsync($"/subscriptions/{_subscription}/deliveries")).ShouldBe([test]);
        (await _anna.GetAsync("/deliveries/" + _demo)).ShouldBe(200);
        (await _anna.GetAsync("/deliveries/" + test)).ShouldBe(200);
        (await _anna.GetAsync("/deliveries/" + _csv)).ShouldBeProblem(404, "not-found");
        (await _anna.PostAsync($"/deliveries/{_csv}/redeliver")).ShouldBeProblem(404, "not-found");
        (await _anna.PostAsync("/deliveries/redeliver?state=pending")).ShouldBe(202).Json.Number("redelivered").ShouldBe(2);
    }

    [Fact]
    public async Task Mailbox_MessagesOfAnotherType_StayForWhoMayReadThem()
    {
        (await _anna.PendingAsync("mixed")).ShouldBe(1);
        (await _anna.GetAsync($"{Box}/{_csv}")).ShouldBeProblem(404, "not-found");
        (await _anna.GetAsync($"{Box}/{_demo}")).ShouldBe(200);
        (await _anna.DeleteAsync($"{Box}/{_csv}")).ShouldBe(204);
        await using (EventStream stream = await _anna.WatchAsync(Box + "?visibility=1"))
        {
            (await stream.NextAsync())!.Value.Data.ShouldContain(_demo);
        }

        (await _anna.DeleteAsync($"{Box}?upTo={_demo}")).ShouldBe(204);
        Answer empty = (await _anna.GetAsync(Box)).ShouldBe(200);
        empty.Messages().ShouldBeEmpty();
        empty.Json.Number("pending").ShouldBe(0);

        _server.Reconfigure(new Keys().With("anna", "submit read manage").Settings());
        (await _anna.ReadAsync("mixed")).Ids().ShouldBe([_csv]);
    }

    [Fact]
    public async Task Mailbox_ReadAtOnce_GivesOnlyItsTypes() => (await _anna.ReadAsync("mixed")).Ids().ShouldBe([_demo]);

    [Fact]
    public async Task Subscription_MadeOrChanged_IsLimitedToTheTypes()
    {
        (await _anna.PostAsync("/subscriptions", new { webhook = "mailbox:mixed", types = new[] { Inputs.Csv } })).ShouldBeProblem(400, "invalid-input").Pointers().ShouldBe(["/types/0"]);
        TypesOf(await _anna.PostAsync("/subscriptions", new { webhook = "mailbox:mixed" })).ShouldBe([Inputs.Demo]);
        TypesOf(await _anna.SendAsync(HttpMethod.Patch, "/subscriptions/" + _subscription, GatewayClient.Json(new { events = "changes" }))).ShouldBe([Inputs.Demo]);
        TypesOf(await _anna.SendAsync(HttpMethod.Patch, "/subscriptions/" + _subscription, GatewayClient.Json("""{"types":null}"""))).ShouldBe([Inputs.Demo]);
    }

    private async Task<string[]> ListAsync(string uri) => (await _anna.GetAsync(uri)).ShouldBe(200).Json.GetProperty("deliveries").EnumerateArray().Ids();

    private async Task<string> MessageOfAsync(Answer submitted)
    {
        await _anna.WaitForEndAsync(submitted.ShouldBe(202).Uri);
        return (await ListAsync(submitted.Uri + "/deliveries")).ShouldHaveSingleItem();
    }

    private static string?[] TypesOf(Answer subscription) => [.. subscription.Json.GetProperty("types").EnumerateArray().Select(type => type.GetString())];
}
