using RealtimeOps.Execution;
using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Execution;

public sealed class DispatchLaneTests
{
    [Fact]
    public void TryTake_LanesOfOneQueue_TakeTurns()
    {
        var queue = new DispatchQueue(workers: 4);
        var many = new DispatchLane("many", limit: null);
        var few = new DispatchLane("few", limit: null);
        queue.Add(many);
        queue.Add(few);
        for (int i = 0; i < 10; i++)
        {
            many.TryAdd(Waiting("many", i));
        }

        few.TryAdd(Waiting("few", 99));
        Types(queue).ShouldBe(["many", "few", "many", "many"]);
    }

    [Fact]
    public void TryTake_LimitOfAType_LeavesWorkersToOthers()
    {
        var queue = new DispatchQueue(workers: 10);
        var limited = new DispatchLane("limited", limit: 2);
        queue.Add(limited);
        for (int i = 0; i < 5; i++)
        {
            limited.TryAdd(Waiting("limited", i));
        }

        Types(queue).Count.ShouldBe(2);
        queue.Release(limited, Waiting("limited", 0).Key);
        Types(queue).Count.ShouldBe(1);
    }

    [Fact]
    public void TryAdd_WhatIsKnown_IsNotAddedUntilItsRunIsOver()
    {
        var lane = new DispatchLane("a", limit: null);
        lane.TryAdd(Waiting("a", 1)).ShouldBeTrue();
        lane.TryAdd(Waiting("a", 1)).ShouldBeTrue("it is kept");
        lane.Count.ShouldBe(1);
        lane.Take();
        lane.TryAdd(Waiting("a", 1)).ShouldBeTrue("it runs");
        lane.Count.ShouldBe(0);
        lane.Release(Waiting("a", 1).Key);
        lane.TryAdd(Waiting("a", 1)).ShouldBeTrue();
        lane.Count.ShouldBe(1);
    }

    [Fact]
    public void TryAdd_BeyondItsCapacity_LeavesTheRestToTheStoreInOrder()
    {
        var lane = new DispatchLane("a", limit: null);
        for (int i = 0; i < DispatchLane.Capacity; i++)
        {
            lane.TryAdd(Waiting("a", i));
        }

        lane.TryAdd(Waiting("a", DispatchLane.Capacity)).ShouldBeFalse();
        lane.Take();
        lane.TryAdd(Waiting("a", DispatchLane.Capacity + 1)).ShouldBeFalse("it would overtake");
        lane.TryBeginFetch(out _).ShouldBeFalse("there is enough to do");
        while (lane.Count > DispatchLane.Capacity / 2)
        {
            lane.Take();
        }

        lane.Take();
        lane.TryBeginFetch(out DispatchFetch fetch).ShouldBeTrue();
        fetch.After.Sequence.ShouldBe(DispatchLane.Capacity - 1);
        lane.TryBeginFetch(out _).ShouldBeFalse("one at a time");
        lane.EndFetch(fetch, [Waiting("a", DispatchLane.Capacity)], isMore: false);
        lane.TryAdd(Waiting("a", DispatchLane.Capacity + 2)).ShouldBeTrue();
        lane.Position(Waiting("a", DispatchLane.Capacity).Key).ShouldBe(lane.Count - 2);
    }

    [Fact]
    public void TryAdd_WhereOneCallerFillsTheLane_KeepsTheFirstOfAnother()
    {
        var lane = new DispatchLane("a", limit: null);
        for (int i = 0; i < 2 * DispatchLane.Capacity; i++)
        {
            lane.TryAdd(Waiting("a", i, "many"));
        }

        lane.Count.ShouldBe(DispatchLane.Capacity);
        lane.TryAdd(Waiting("a", -1, "few")).ShouldBeTrue();
        lane.Position(Waiting("a", -1).Key).ShouldBe(1);
        lane.Take().Owner.ShouldBe("many");
        lane.Take().Owner.ShouldBe("few");
    }

    [Fact]
    public void TryAdd_OfManyCallers_StaysBounded()
    {
        var lane = new DispatchLane("a", limit: null);
        for (int i = 0; i < 100_000; i++)
        {
            lane.TryAdd(Waiting("a", i, "caller-" + (i / 3)));
        }

        lane.Count.ShouldBe(2 * DispatchLane.Capacity);
        lane.TryBeginFetch(out _).ShouldBeFalse("what is fetched would find no room");
        lane.Take();
        lane.TryBeginFetch(out _).ShouldBeTrue();
    }

    [Fact]
    public void TryAdd_OfWhatWasDueBeforeWhatWasFetched_IsFetchedNext()
    {
        DispatchLane lane = Overflowed(out DispatchFetch fetch);
        lane.EndFetch(fetch, [Waiting("a", DispatchLane.Capacity), Waiting("a", DispatchLane.Capacity + 10)], isMore: true);
        lane.Take();
        lane.Take();
        lane.TryAdd(Waiting("a", DispatchLane.Capacity + 5)).ShouldBeFalse("it is the store's turn");
        lane.TryBeginFetch(out DispatchFetch next).ShouldBeTrue();
        next.After.Sequence.ShouldBe(DispatchLane.Capacity + 4);
    }

    [Fact]
    public void TryAdd_DuringAFetch_WaitsBehindWhatIsFetched()
    {
        DispatchLane lane = Overflowed(out DispatchFetch fetch);
        lane.TryAdd(Waiting("a", 99_999));
        lane.EndFetch(fetch, [Waiting("a", DispatchLane.Capacity)], isMore: false);
        lane.Position(Waiting("a", 99_999).Key).ShouldBe(lane.Count - 1);
        lane.Position(Waiting("a", DispatchLane.Capacity).Key).ShouldBe(lane.Count - 2);
    }

    [Fact]
    public void EndFetch_OfAFetchThatFailed_LeavesItToBeMadeAgain()
    {
        DispatchLane lane = Overflowed(out DispatchFetch fetch);
        lane.EndFetch(fetch, [], isMore: true);
        lane.TryBeginFetch(out DispatchFetch again).ShouldBeTrue();
        again.ShouldBe(fetch);
    }

    [Fact]
    public void Position_CountsThoseAhead()
    {
        var lane = new DispatchLane("a", limit: null);
        for (int i = 0; i < 5; i++)
        {
            lane.TryAdd(Waiting("a", i));
        }

        lane.Position(Waiting("a", 3).Key).ShouldBe(3);
        lane.Take();
        lane.Position(Waiting("a", 3).Key).ShouldBe(2);
        lane.Position(Waiting("a", 77).Key).ShouldBeNull();
    }

    [Fact]
    public void Position_AmongVeryManyCallers_IsAboutRight()
    {
        const int callers = 5_000;
        var lane = new DispatchLane("a", limit: null);
        for (int i = 0; i < 2 * callers; i++)
        {
            lane.TryAdd(Waiting("a", i, "caller-" + (i % callers)));
        }

        for (int i = 0; i < 2 * callers; i += 500)
        {
            lane.Position(Waiting("a", i).Key)!.Value.ShouldBeInRange(i - callers, i + callers);
        }

        lane.Position(Waiting("a", 3).Key).ShouldBe(3);
    }

    /// <summary>What one caller brought is half done, and the next is being fetched.</summary>
    private static DispatchLane Overflowed(out DispatchFetch fetch)
    {
        var lane = new DispatchLane("a", limit: null);
        for (int i = 0; i <= DispatchLane.Capacity; i++)
        {
            lane.TryAdd(Waiting("a", i));
        }

        while (lane.Count >= DispatchLane.Capacity / 2)
        {
            lane.Take();
        }

        lane.TryBeginFetch(out fetch).ShouldBeTrue();
        return lane;
    }

    private static List<string> Types(DispatchQueue queue)
    {
        var types = new List<string>();
        while (queue.TryTake(out DispatchLane lane, out _))
        {
            types.Add(lane.Type);
        }

        return types;
    }

    private static WaitingOperation Waiting(string type, int number, string owner = "anybody") => new(new OperationKey(type, "n" + number), owner, number, An.Instant);
}
