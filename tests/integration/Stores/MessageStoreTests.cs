using RealtimeOps.Operations;
using RealtimeOps.Storage;
using RealtimeOps.Storage.Sql;
using RealtimeOps.TestSupport;
using RealtimeOps.Webhooks;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Stores;

/// <summary>Messages: recorded with the end, given to one at a time, wherever subscriptions and readers are.</summary>
public sealed class MessageStoreTests : StoreTests
{
    private const string Target = "https://example.com:443/hook";

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Claim_OnTwoServersAtOnce_GivesEachMessageOnce(string provider)
    {
        (StoreNode first, StoreNode second) = await StartAsync(provider);
        for (int i = 0; i < 30; i++)
        {
            await first.RunAsync(first.Make("id-" + i, webhook: Target));
        }

        string lane = (await second.Deliveries.ListLanesAsync(TestContext.Current.CancellationToken)).ShouldHaveSingleItem().Lane;
        DateTimeOffset now = first.Now.AddSeconds(1);
        async Task<IReadOnlyList<ClaimedDelivery>> Claim(StoreNode node, DateTimeOffset at) => (await node.Deliveries.ClaimAsync(lane, at, at.AddMinutes(1), 100).AsTask().Limited()).Deliveries;

        ClaimedDelivery[] claimed = [.. (await Task.WhenAll(Claim(first, now), Claim(second, now))).SelectMany(some => some)];
        claimed.Select(delivery => delivery.Number).Distinct().Count().ShouldBe(30);
        claimed.Length.ShouldBe(30);

        var attempt = new DeliveryAttempt(now, 200, TimeSpan.FromMilliseconds(5), null, "ok");
        await second.Deliveries.RecordAsync(claimed[0], attempt, DeliveryState.Delivered, null, TimeSpan.FromDays(5));
        (await Claim(second, now.AddMinutes(2))).Count.ShouldBe(29, "a lease that lapsed is anybody's");
        await first.Deliveries.ReleaseAsync(claimed, now);
        (await Claim(first, now.AddMinutes(2))).ShouldBeEmpty("who lost its lease has nothing to give back");
        await first.Deliveries.RecordAsync(claimed[1], attempt, DeliveryState.Delivered, null, TimeSpan.FromDays(5));
        IReadOnlyList<Delivery> delivered = await first.Deliveries.ListAsync(new DeliveryFilter { Owner = "a", States = [DeliveryState.Delivered] }, long.MaxValue, 10, TestContext.Current.CancellationToken);
        delivered.ShouldHaveSingleItem("the record of one that lost its lease changes nothing").Attempts.ShouldHaveSingleItem().Answer.ShouldBe("ok");
        (await second.Deliveries.CountAsync(TestContext.Current.CancellationToken)).ShouldBe((29, 0));
        (await second.Deliveries.RemoveOldAsync(now.AddDays(1), now.AddDays(-1), 100)).ShouldBe(1);
    }

    /// <summary>As when one server records an end for a subscription that it read as paused, while another one resumes it.</summary>
    [Theory]
    [MemberData(nameof(Shared), MemberType = typeof(StoreTests))]
    public async Task Unhold_OfWhatWasParkedWhileItsSubscriptionResumed_MakesItDue(string provider)
    {
        (StoreNode first, _) = await StartAsync(provider);
        await first.Subscriptions.AddAsync(Subscribe(first, "active", Target), 2);
        await first.Subscriptions.AddAsync(Subscribe(first, "paused", Target) with { State = SubscriptionState.Paused }, 2);
        await first.RunAsync(first.Make("one"));
        await first.Get<WriteBatcher<SqlSession>>().WriteAsync(session => session.Statement("UPDATE deliveries SET due_at = NULL").Execute());

        await first.Get<DeliveryStore>().UnholdStrayAsync(first.Now, TestContext.Current.CancellationToken);

        string lane = (await first.Deliveries.ListLanesAsync(TestContext.Current.CancellationToken)).ShouldHaveSingleItem().Lane;
        DateTimeOffset now = first.Now.AddSeconds(1);
        (await first.Deliveries.ClaimAsync(lane, now, now.AddMinutes(1), 10)).Deliveries.ShouldHaveSingleItem().Subscription.ShouldBe("active");
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Subscription_AddedOnOneServer_IsServedByTheEndOnTheOther(string provider)
    {
        (StoreNode first, StoreNode second) = await StartAsync(provider);
        await second.RunAsync(second.Make("before"));
        Subscription wish = Subscribe(first, "s1", Target);
        (await first.Subscriptions.AddAsync(wish, 1)).ShouldBe(AddResult.Added);
        (await second.Subscriptions.AddAsync(Subscribe(first, "s2", Target), 1)).ShouldBe(AddResult.TooMany);

        await second.RunAsync(second.Make("one"));
        (await List(first, "s1")).ShouldHaveSingleItem().Operation.ShouldBe(new OperationKey("t", "one"));

        await second.Subscriptions.ChangeAsync("a", "s1", first.Now, present => present.Pause());
        await first.RunAsync(first.Make("two"));
        string lane = WebhookTarget.LaneOf(Target);
        (await first.Deliveries.ClaimAsync(lane, first.Now.AddSeconds(1), first.Now.AddMinutes(1), 10)).Deliveries.ShouldBeEmpty();
        await first.Subscriptions.ChangeAsync("a", "s1", first.Now, present => present.Resume());
        (await second.Deliveries.ClaimAsync(lane, first.Now.AddSeconds(1), first.Now.AddMinutes(1), 10)).Deliveries.Count.ShouldBe(2);

        (await second.Subscriptions.RemoveAsync("a", "s1")).ShouldBeTrue();
        await first.RunAsync(first.Make("three"));
        (await List(first, "s1")).Count.ShouldBe(2);
        (await first.Subscriptions.ListAsync("a", null, first.Now, 10, TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Subscription_ChangedOnTwoServersAtOnce_LosesNoChange(string provider)
    {
        (StoreNode first, StoreNode second) = await StartAsync(provider);
        await first.Subscriptions.AddAsync(Subscribe(first, "s1", Target), 10);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? first : second).Subscriptions.ChangeAsync(
            "a", "s1", first.Now, present => present with { DisabledReason = (present.DisabledReason ?? "") + "x" }).AsTask().Limited()));

        (await second.Subscriptions.FindAsync("a", "s1", first.Now, TestContext.Current.CancellationToken)).ShouldNotBeNull().DisabledReason!.Length.ShouldBe(40);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Mailbox_ReadOnTwoServersAtOnce_GivesEachMessageOnce(string provider)
    {
        (StoreNode first, StoreNode second) = await StartAsync(provider);
        for (int i = 0; i < 20; i++)
        {
            await first.RunAsync(first.Make("id-" + i, webhook: "mailbox:box"));
        }

        DateTimeOffset now = first.Now.AddSeconds(1);
        TakenMessages?[] taken = await Task.WhenAll(
            first.Mailboxes.TakeAsync(new("a"), "box", now, now.AddSeconds(30), 15).AsTask().Limited(), second.Mailboxes.TakeAsync(new("a"), "box", now, now.AddSeconds(30), 15).AsTask().Limited());

        MailboxMessage[] messages = [.. taken.SelectMany(some => some!.Messages)];
        messages.Select(message => message.Id).Distinct().Count().ShouldBe(20);
        messages.Length.ShouldBe(20);
        (await second.Mailboxes.StillOutAsync([.. messages.Select(message => message.Number)], now, TestContext.Current.CancellationToken)).Count.ShouldBe(20);
        (await second.Mailboxes.TakeAsync(new("b"), "box", now, now, 1)).ShouldBeNull("it is another owner's");
        MailboxMessage[] inOrder = [.. messages.OrderBy(message => message.Number)];
        (await second.Mailboxes.AcknowledgeAsync(new("a"), "box", inOrder[19].Id, now)).ShouldBeTrue();
        (await first.Mailboxes.AcknowledgeUpToAsync(new("a"), "box", inOrder[9].Id, now)).ShouldBeTrue();
        (await second.Mailboxes.CountAsync(new("a"), "box", TestContext.Current.CancellationToken)).ShouldBe(9);
        (await second.Mailboxes.ListAsync(new("a"), long.MaxValue, 10, TestContext.Current.CancellationToken)).ShouldHaveSingleItem().Pending.ShouldBe(9);
        await ShouldGoByTypesAsync(second, inOrder[19].Id, now);
        (await first.Mailboxes.TakeAsync(new("a"), "box", now.AddSeconds(31), now.AddSeconds(60), 100))!.Messages.Count.ShouldBe(9);
        (await first.Mailboxes.GiveUpAsync(now.AddDays(1), now.AddDays(1), TimeSpan.FromDays(5), 100)).Count.ShouldBe(9);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Mailbox_WantedByTwoOwnersAtOnce_IsOneOwners(string provider)
    {
        (StoreNode first, StoreNode second) = await StartAsync(provider);
        for (int i = 0; i < 10; i++)
        {
            AcceptResult[] results = await Task.WhenAll(
                first.AcceptAsync(first.Make("a-" + i, owner: "a", webhook: "mailbox:box-" + i)), second.AcceptAsync(first.Make("b-" + i, owner: "b", webhook: "mailbox:box-" + i)));
            results.Count(result => result.IsNew).ShouldBe(1);
            results.Single(result => !result.IsNew).Refusal.ShouldBe(AcceptRefusal.MailboxTaken);
        }
    }

    private static async Task ShouldGoByTypesAsync(StoreNode node, string acknowledged, DateTimeOffset now)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        foreach ((string[] types, int waiting, int all) in new (string[], int, int)[] { (["t"], 9, 20), (["t", "u"], 9, 20), (["u"], 0, 0), (["%", "_"], 0, 0) })
        {
            var access = new MessageAccess("a", types.ToHashSet());
            (await node.Mailboxes.CountAsync(access, "box", cancellation)).ShouldBe(waiting);
            (await node.Mailboxes.ListAsync(access, long.MaxValue, 10, cancellation)).ShouldHaveSingleItem().Pending.ShouldBe(waiting);
            (await node.Mailboxes.TakeAsync(access, "box", now, now, 100))!.NextVisibleAt.HasValue.ShouldBe(waiting > 0);
            (await node.Deliveries.ListAsync(new DeliveryFilter { Owner = "a", Types = access.Types }, long.MaxValue, 100, cancellation)).Count.ShouldBe(all);
            ((await node.Deliveries.FindAsync(access, acknowledged, cancellation)) is not null).ShouldBe(all > 0);
        }
    }

    private static Subscription Subscribe(StoreNode node, string id, string target) => new() { Id = id, Owner = "a", Webhook = target, CreatedAt = node.Now };

    private static async Task<IReadOnlyList<Delivery>> List(StoreNode node, string subscription) =>
        await node.Deliveries.ListAsync(new DeliveryFilter { Owner = "a", Subscription = subscription }, long.MaxValue, 100, TestContext.Current.CancellationToken);
}
