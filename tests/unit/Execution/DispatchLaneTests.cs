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
            many.TryAdd(Waiting("many", i), fetched: false);
        }

        few.TryAdd(Waiting("few", 99), fetched: false);
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
            limited.TryAdd(Waiting("limited", i), fetched: false);
        }

        Types(queue).Count.ShouldBe(2);
        queue.Release(limited, Waiting("limited", 0).Key);
        Types(queue).Count.ShouldBe(1);
    }

    [Fact]
    public void TryAdd_WhatIsKnown_IsRefusedUntilItsRunIsOver()
    {
        var lane = new DispatchLane("a", limit: null);
        lane.TryAdd(Waiting("a", 1), fetched: false).ShouldBeTrue();
        lane.TryAdd(Waiting("a", 1), fetched: true).ShouldBeFalse();
        lane.Take();
        lane.TryAdd(Waiting("a", 1), fetched: true).ShouldBeFalse();
        lane.Release(Waiting("a", 1).Key);
        lane.TryAdd(Waiting("a", 1), fetched: true).ShouldBeTrue();
    }

    [Fact]
    public void TryAdd_BeyondItsCapacity_LeavesTheRestToTheStoreInOrder()
    {
        var lane = new DispatchLane("a", limit: null);
        for (int i = 0; i < DispatchLane.Capacity; i++)
        {
            lane.TryAdd(Waiting("a", i), fetched: false);
        }

        lane.TryAdd(Waiting("a", DispatchLane.Capacity), fetched: false).ShouldBeFalse();
        lane.HasOverflowed.ShouldBeTrue();
        lane.Take();
        lane.TryAdd(Waiting("a", DispatchLane.Capacity + 1), fetched: false).ShouldBeFalse("it would overtake");
        lane.TryAdd(Waiting("a", DispatchLane.Capacity), fetched: true).ShouldBeTrue();
    }

    [Fact]
    public void Position_CountsThoseAhead()
    {
        var lane = new DispatchLane("a", limit: null);
        for (int i = 0; i < 5; i++)
        {
            lane.TryAdd(Waiting("a", i), fetched: false);
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

    private static WaitingOperation Waiting(string type, int number) => new(new OperationKey(type, "n" + number), number, An.Instant);
}
