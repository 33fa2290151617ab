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
    public void TryAdd_WhatIsKnown_IsRefusedUntilItsRunIsOver()
    {
        var lane = new DispatchLane("a", limit: null);
        lane.TryAdd(Waiting("a", 1)).ShouldBeTrue();
        lane.TryAdd(Waiting("a", 1)).ShouldBeFalse();
        lane.Take();
        lane.TryAdd(Waiting("a", 1)).ShouldBeFalse();
        lane.Release(Waiting("a", 1).Key);
        lane.TryAdd(Waiting("a", 1)).ShouldBeTrue();
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
        lane.IsFull("anybody").ShouldBeTrue();
        lane.Take();
        lane.TryAdd(Waiting("a", DispatchLane.Capacity + 1)).ShouldBeFalse("it would overtake");
        lane.TryBeginFetch(out _, out _).ShouldBeFalse("there is enough to do");
        while (lane.Count > DispatchLane.Capacity / 2)
        {
            lane.Take();
        }

        lane.Take();
        lane.TryBeginFetch(out DispatchShare share, out _).ShouldBeTrue();
        share.Last.Sequence.ShouldBe(DispatchLane.Capacity - 1);
        lane.TryBeginFetch(out _, out _).ShouldBeFalse("one at a time");
        lane.EndFetch(share, [Waiting("a", DispatchLane.Capacity)], isMore: false);
        lane.IsFull("anybody").ShouldBeFalse();
        lane.Position(Waiting("a", DispatchLane.Capacity).Key).ShouldBe(lane.Count - 1);
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
        lane.IsFull("caller-33000").ShouldBeTrue();
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
