using FsCheck;
using FsCheck.Fluent;
using RealtimeOps.Execution;
using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Execution;

/// <summary>Whatever comes from whom and in what order: callers take turns, and nobody overtakes himself.</summary>
public sealed class FairShareProperties
{
    private static readonly Gen<int[]> Arrivals = Gen.Choose(0, 4).ArrayOf();

    [Fact]
    public void Take_WhileACallerWaits_NoOtherIsTakenTwice() => Prop.ForAll(Arrivals.ToArbitrary(), callers =>
    {
        DispatchLane lane = Lane(callers);
        Dictionary<string, int> waiting = callers.CountBy(Name).ToDictionary();
        var sinceTurn = new Dictionary<string, Dictionary<string, int>>();
        while (lane.Count > 0)
        {
            string taken = lane.Take().Owner;
            waiting[taken]--;
            sinceTurn[taken] = [];
            foreach (string other in waiting.Where(caller => caller.Value > 0 && caller.Key != taken).Select(caller => caller.Key))
            {
                Dictionary<string, int> seen = sinceTurn.TryGetValue(other, out var known) ? known : sinceTurn[other] = [];
                seen[taken] = seen.GetValueOrDefault(taken) + 1;
                seen[taken].ShouldBe(1);
            }
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Take_OfOneCaller_KeepsTheOrderOfArrival() => Prop.ForAll(Arrivals.ToArbitrary(), callers =>
    {
        DispatchLane lane = Lane(callers);
        var taken = new List<WaitingOperation>();
        while (lane.Count > 0)
        {
            taken.Add(lane.Take());
        }

        taken.Count.ShouldBe(callers.Length);
        taken.GroupBy(operation => operation.Owner).ShouldAllBe(own => own.Zip(own.Skip(1)).All(pair => pair.First.Sequence < pair.Second.Sequence));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Position_IfNobodyElseComes_IsHowManyAreTakenBefore() => Prop.ForAll(Arrivals.ToArbitrary(), Gen.Choose(0, 20).ToArbitrary(), (callers, takenBefore) =>
    {
        DispatchLane lane = Lane(callers);
        for (int i = 0; i < Math.Min(takenBefore, callers.Length); i++)
        {
            lane.Take();
        }

        OperationKey[] keys = [.. callers.Select((_, i) => Key(i))];
        Dictionary<OperationKey, int?> promised = keys.ToDictionary(key => key, lane.Position);
        for (int position = 0; lane.Count > 0; position++)
        {
            promised[lane.Take().Key].ShouldBe(position);
        }
    }).QuickCheckThrowOnFailure();

    private static DispatchLane Lane(int[] callers)
    {
        var lane = new DispatchLane("t", limit: null);
        foreach ((int number, int caller) in callers.Index())
        {
            lane.TryAdd(new WaitingOperation(Key(number), Name(caller), number, An.Instant)).ShouldBeTrue();
        }

        return lane;
    }

    private static OperationKey Key(int number) => new("t", "n" + number);

    private static string Name(int caller) => "caller-" + caller;
}
