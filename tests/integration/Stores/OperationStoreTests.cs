using System.Security.Cryptography;
using RealtimeOps.Operations;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Stores;

/// <summary>Operations: accepted once, changed by one at a time, listed in order, removed with all that is theirs.</summary>
public sealed class OperationStoreTests : StoreTests
{
    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Accept_SameIdOnTwoServersAtOnce_MakesOneOperation(string provider)
    {
        (StoreNode first, StoreNode second) = await StartAsync(provider);

        AcceptResult[] accepted = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? first : second).AcceptAsync(first.Make("id-" + (i / 4)))));

        accepted.Count(result => result.IsNew).ShouldBe(50);
        accepted.GroupBy(result => result.Operation.Key).ShouldAllBe(same => same.Select(result => result.Operation.Sequence).Distinct().Count() == 1);
        (await second.Operations.ListAsync(new OperationFilter(), long.MaxValue, 1000, TestContext.Current.CancellationToken)).Count.ShouldBe(50);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Accept_SameIdempotencyKeyOnTwoServersAtOnce_MakesOneOperationForEachOwner(string provider)
    {
        (StoreNode first, StoreNode second) = await StartAsync(provider);

        AcceptResult[] accepted = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            (i % 2 == 0 ? first : second).AcceptAsync(first.Make("id-" + i, owner: i % 4 < 2 ? "a" : "b", key: "the same"))));

        accepted.Count(result => result.IsNew).ShouldBe(2);
        accepted.Select(result => result.Operation.Key).Distinct().Count().ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Update_SameRevisionOnTwoServersAtOnce_LetsOneThrough(string provider)
    {
        (StoreNode first, StoreNode second) = await StartAsync(provider);
        for (int i = 0; i < 20; i++)
        {
            Operation waiting = (await first.AcceptAsync(first.Make("id-" + i))).Operation;
            Operation started = waiting.Start(first.Now, TimeSpan.FromSeconds(15))!;

            bool[] held = await Task.WhenAll(
                first.Operations.UpdateAsync(started, [new HistoryEvent(first.Now, HistoryEvent.Started, 1)]).AsTask().Limited(),
                second.Operations.UpdateAsync(started, [new HistoryEvent(first.Now, HistoryEvent.Started, 1)]).AsTask().Limited());

            held.Count(isHeld => isHeld).ShouldBe(1);
            (await second.Operations.ReadHistoryAsync(waiting.Sequence, TestContext.Current.CancellationToken)).Events.Select(happened => happened.Event)
                .ShouldBe([HistoryEvent.Accepted, HistoryEvent.Started]);
        }
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Find_EveryMember_ComesBackAsItWas(string provider)
    {
        StoreNode node = await StartOneAsync(provider);
        Operation made = node.Make("Id~1", owner: "o\u0142a", key: "k", webhook: "https://example.com/x", tags: [("team", "m\u00e4rz"), ("empty", "")]) with
        {
            TraceParent = "00-trace", ResubmissionOf = new OperationKey("t", "before"), Checkpoint = [0, 1, 255], Activity = "x", Error = new OperationError(7, "t", "d"), LeaseUntil = node.Now,
        };

        Operation accepted = (await node.AcceptAsync(made)).Operation;
        Operation found = (await node.Operations.FindAsync(made.Key, TestContext.Current.CancellationToken)).ShouldNotBeNull();

        found.Tags.ShouldBe(made.Tags);
        found.Checkpoint.ShouldBe(made.Checkpoint);
        (found with { Tags = made.Tags, Checkpoint = made.Checkpoint }).ShouldBe(accepted);
        (await node.Operations.FindAsync(new OperationKey("t", "id~1"), TestContext.Current.CancellationToken)).ShouldBeNull("ids differ by case");
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task List_FiltersAndPages_NewestFirst(string provider)
    {
        (StoreNode first, StoreNode second) = await StartAsync(provider);
        for (int i = 0; i < 30; i++)
        {
            Operation operation = first.Make($"id-{i:00}", owner: i % 3 == 0 ? "b" : "a", type: i % 2 == 0 ? "even" : "odd", tags: [("n", $"{i % 5}"), ("all", "yes")]);
            Task done = i < 10 ? first.RunAsync(operation) : second.AcceptAsync(operation);
            await done;
        }

        async Task<string[]> Ids(OperationFilter filter, long before = long.MaxValue, int most = 100) =>
            [.. (await second.Operations.ListAsync(filter, before, most, TestContext.Current.CancellationToken)).Select(operation => operation.Key.Id)];
        string[] Expected(Func<int, bool> shown) => [.. Enumerable.Range(0, 30).Where(shown).Reverse().Select(i => $"id-{i:00}")];

        (await Ids(new OperationFilter())).ShouldBe(Expected(_ => true));
        (await Ids(new OperationFilter { Owner = "a", Type = "even" })).ShouldBe(Expected(i => i % 3 != 0 && i % 2 == 0));
        (await Ids(new OperationFilter { States = [OperationState.Succeeded] })).ShouldBe(Expected(i => i < 10));
        (await Ids(new OperationFilter { States = [OperationState.Queued, OperationState.Running] })).ShouldBe(Expected(i => i >= 10));
        (await Ids(new OperationFilter { Tags = [new("n", "2"), new("all", "yes")], Type = "odd" })).ShouldBe(Expected(i => i % 5 == 2 && i % 2 == 1));
        IReadOnlyList<Operation> page = await first.Operations.ListAsync(new OperationFilter(), long.MaxValue, 7, TestContext.Current.CancellationToken);
        (await Ids(new OperationFilter(), page[^1].Sequence, 7)).ShouldBe(Expected(i => i is < 23 and >= 16));
        (await first.Operations.FindManyAsync([.. page.Select(operation => operation.Sequence)], TestContext.Current.CancellationToken)).Count.ShouldBe(7);
        (await first.Operations.ListWaitingOwnersAsync(first.Now.AddDays(1), TestContext.Current.CancellationToken)).OrderBy(waiting => waiting.ToString()).ShouldBe([new("even", "a"), new("even", "b"), new("odd", "a"), new("odd", "b")]);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task ListWaitingAndRecent_PageByPage_ShowEachOnce(string provider)
    {
        StoreNode node = await StartOneAsync(provider);
        DateTimeOffset due = node.Now;
        for (int i = 0; i < 25; i++)
        {
            await node.AcceptAsync(node.Make("id-" + i) with { DueAt = due.AddMilliseconds(i / 3), UpdatedAt = due.AddMilliseconds(i / 3) });
        }

        await node.AcceptAsync(node.Make("later") with { DueAt = due.AddHours(1), UpdatedAt = due.AddHours(1) });
        await node.RunAsync(node.Make("ended"));
        var waiting = new List<string>();
        WaitingOperation last = default;
        while (await node.Operations.ListWaitingAsync("t", "a", due.AddMinutes(1), last, 4, TestContext.Current.CancellationToken) is { Count: > 0 } page)
        {
            waiting.AddRange(page.Select(operation => operation.Key.Id));
            last = page[^1];
        }

        waiting.ShouldBe(Enumerable.Range(0, 25).Select(i => "id-" + i));
        async Task<IReadOnlyList<RecentOperation>> Recent(DateTimeOffset? endedAfter, RecentOperation after) =>
            await node.Operations.ListRecentAsync(new OperationFilter { Owner = "a" }, endedAfter, after, TestContext.Current.CancellationToken);
        IReadOnlyList<RecentOperation> all = await Recent(due.AddHours(-1), default);
        all.Count.ShouldBe(27);
        (await Recent(due.AddHours(-1), all[9])).ShouldBe(all.Skip(10));
        (await Recent(null, default)).Count.ShouldBe(26);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task RemoveExpired_OnTwoServersAtOnce_RemovesEachOnceAndRemembersIt(string provider)
    {
        (StoreNode first, StoreNode second) = await StartAsync(provider);
        byte[] large = RandomNumberGenerator.GetBytes(600_000);
        for (int i = 0; i < 10; i++)
        {
            await first.RunAsync(first.Make("id-" + i, tags: [("a", "b")]), i == 0 ? large : null);
        }

        await first.AcceptAsync(first.Make("stays"));
        DateTimeOffset later = first.Now.AddHours(2);

        IReadOnlyList<Operation>[] removed = await Task.WhenAll(
            first.Operations.RemoveExpiredAsync(later, 100).AsTask().Limited(), second.Operations.RemoveExpiredAsync(later, 100).AsTask().Limited());

        removed.SelectMany(some => some).Select(operation => operation.Key.Id).Order().ShouldBe(Enumerable.Range(0, 10).Select(i => "id-" + i));
        (await second.Operations.ListAsync(new OperationFilter(), long.MaxValue, 100, TestContext.Current.CancellationToken)).Single().Key.Id.ShouldBe("stays");
        (await second.Operations.FindTombstoneAsync(new OperationKey("t", "id-3"), later, TestContext.Current.CancellationToken)).ShouldBe("a");
        (await second.Operations.FindTombstoneAsync(new OperationKey("t", "id-3"), later.AddDays(8), TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Accept_IdThatHasGoneSinceItsSubmitterWasLetIn_IsRefused(string provider)
    {
        (StoreNode first, StoreNode second) = await StartAsync(provider);
        Operation letIn = second.Make("once");
        await first.RunAsync(first.Make("once"));
        await first.Operations.RemoveExpiredAsync(first.Now.AddHours(2), 100);

        (await second.AcceptAsync(letIn)).Refusal.ShouldBe(AcceptRefusal.Gone);

        (await first.AcceptAsync(first.Make("once") with { CreatedAt = first.Now.AddDays(8) })).IsNew.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Payload_LargeOrSmall_IsReadOnTheOtherServerFromAnyPlace(string provider)
    {
        (StoreNode first, StoreNode second) = await StartAsync(provider);
        foreach (int length in (int[])[0, 1, 262_144, 262_145, 1_500_000])
        {
            byte[] input = RandomNumberGenerator.GetBytes(length);
            byte[] result = RandomNumberGenerator.GetBytes(length);
            Operation accepted = (await first.AcceptAsync(first.Make("in-" + length), input)).Operation;
            Operation ended = await first.RunAsync(first.Make("out-" + length), result);

            Payload found = (await second.Operations.FindInputAsync(accepted.Sequence, TestContext.Current.CancellationToken)).ShouldNotBeNull();
            found.Sha256.ShouldBe(SHA256.HashData(input));
            (await second.ReadAsync(found)).ShouldBe(input);
            Payload outcome = (await second.Operations.FindResultAsync(ended.Sequence, TestContext.Current.CancellationToken)).ShouldNotBeNull();
            (await second.ReadAsync(outcome, length * 2L / 3)).ShouldBe(result[(int)(length * 2L / 3)..]);
        }
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Resubmit_SharesTheInput_AndLinksOnce(string provider)
    {
        (StoreNode first, StoreNode second) = await StartAsync(provider);
        byte[] large = RandomNumberGenerator.GetBytes(400_000);
        Operation accepted = (await first.AcceptAsync(first.Make("one"), large)).Operation;
        Operation ended = accepted.RequestCancel(first.Now)!;
        await first.Operations.UpdateAsync(ended, []);

        Operation?[] successors = await Task.WhenAll(
            first.Operations.ResubmitAsync(first.Make("two"), ended.LinkResubmission(new("t", "two"), first.Now), []).AsTask().Limited(),
            second.Operations.ResubmitAsync(first.Make("three"), ended.LinkResubmission(new("t", "three"), first.Now), []).AsTask().Limited());

        Operation successor = successors.OfType<Operation>().ShouldHaveSingleItem();
        await second.Operations.RemoveExpiredAsync(first.Now.AddHours(2), 10);
        Payload input = (await second.Operations.FindInputAsync(successor.Sequence, TestContext.Current.CancellationToken)).ShouldNotBeNull();
        (await second.ReadAsync(input)).ShouldBe(large);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Write_OfAnyText_HurtsNoOther(string provider)
    {
        StoreNode node = await StartOneAsync(provider);
        Operation[] started = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i => (await node.AcceptAsync(node.Make("id-" + i))).Operation.Start(node.Now, TimeSpan.FromSeconds(15))!));

        bool[] written = await Task.WhenAll(started.Select((operation, i) =>
            node.Operations.UpdateAsync(operation with { Activity = i % 2 == 0 ? "a \0 and \ud800 alone" : "plain" }, [new HistoryEvent(node.Now, HistoryEvent.Activity, 1, "\0")]).AsTask().Limited()));

        written.ShouldAllBe(isWritten => isWritten);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Contacts_OfTwoServers_AddUp(string provider)
    {
        (StoreNode first, StoreNode second) = await StartAsync(provider);
        long sequence = (await first.AcceptAsync(first.Make("one"))).Operation.Sequence;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            (i % 2 == 0 ? first : second).Operations.RecordContactsAsync([(sequence, new OperationContact("poll", first.Now, first.Now, 2)), (sequence + 1000, new OperationContact("poll", first.Now, first.Now, 1))]).AsTask().Limited()));

        (await second.Operations.ReadHistoryAsync(sequence, TestContext.Current.CancellationToken)).Contacts.ShouldHaveSingleItem().Count.ShouldBe(40);
    }
}
