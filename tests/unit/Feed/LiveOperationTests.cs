using RealtimeOps.Feed;
using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Feed;

public sealed class LiveOperationTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Report_WhenNobodyLooks_SpendsNoVersionAndNoMemory()
    {
        LiveOperation live = Running();
        long before = live.Current.Version;
        string[] activities = ["one", "two"];
        live.Report(1, 1, "zero");
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            live.Report(1, i / 200, activities[i % 2]);
        }

        (GC.GetAllocatedBytesForCurrentThread() - allocated).ShouldBe(0);
        live.Current.Version.ShouldBe(before + 1);
        live.Current.Progress.ShouldBe(49);
    }

    [Fact]
    public void Current_WhenTheReservedVersionsAreShown_AsksForMoreAndShowsTheOldSnapshot()
    {
        int asked = 0;
        LiveOperation live = Running(() => asked++);
        long ceiling = live.Durable.VersionCeiling;
        for (int i = 0; live.Current.Version < ceiling; i++)
        {
            live.Report(1, 0, i.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        live.Report(1, 0, "one too many");
        live.Current.Version.ShouldBe(ceiling);
        asked.ShouldBe(1);
        live.Publish(live.Durable.Record(1, live.ReadLive(), _time.GetUtcNow(), An.Lease)!);
        live.Current.Version.ShouldBe(ceiling + 1);
        live.Current.Activity.ShouldBe("one too many");
    }

    /// <summary>The handler of a node that slept too long goes on until it is stopped; by then another attempt runs elsewhere.</summary>
    [Fact]
    public void Report_OfAnAttemptThatAnotherNodeHasReplaced_ChangesNothing()
    {
        LiveOperation live = Running();
        live.Report(1, 96, "almost");
        Operation replaced = live.Durable.GiveBack(1, _time.GetUtcNow(), _time.GetUtcNow())!.Start(_time.GetUtcNow(), An.Lease)!;
        live.Receive(new OperationStatus(replaced));

        live.Report(1, 97, "still here");

        live.Current.Operation.ShouldBe(replaced);
    }

    [Fact]
    public void Current_ShowsTheSameBytesToAll()
    {
        LiveOperation live = Running();
        live.Report(1, 10, "x");
        live.Current.ShouldBeSameAs(live.Current);
        live.Current.Json.Equals(live.Current.Json).ShouldBeTrue();
    }

    [Theory]
    [InlineData(150, 99)]
    [InlineData(100, 99)]
    [InlineData(-3, 0)]
    public void Report_OutsideOfWhatMayBeShown_IsBroughtInside(int reported, int shown)
    {
        LiveOperation live = Running();
        live.Report(1, reported, "x");
        live.Current.Progress.ShouldBe(shown);
    }

    [Fact]
    public void Estimate_FollowsThePaceOfTheAttempt()
    {
        LiveOperation live = Running();
        live.Current.EstimatedEndAt.ShouldBeNull();
        _time.Advance(TimeSpan.FromSeconds(10));
        live.Report(1, 25, null);
        live.Current.EstimatedEndAt.ShouldBe(An.Instant.AddSeconds(40));
    }

    private LiveOperation Running(Action? onExhausted = null)
    {
        var live = new LiveOperation(An.Operation().Key, new ChangeLog(), _time);
        live.Publish(An.Running());
        live.BeginReporting(1, onExhausted ?? (static () => { }));
        return live;
    }
}
