using RealtimeOps.Execution;
using RealtimeOps.Feed;
using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Execution;

public sealed class ProgressReporterTests
{
    private readonly LiveOperation _live;
    private readonly OperationContext _context;

    public ProgressReporterTests()
    {
        var time = new ManualTime();
        Operation running = An.Running();
        _live = new LiveOperation(running.Key, new ChangeLog(), time);
        _live.Publish(running);
        _live.BeginReporting(1, static () => { });
        _context = new OperationContext(_live, new OperationFeed(new MemoryOperationStore(), new ChangeLog(), new FeedLink(isShared: false), An.Journal(), new QueuedOperations(0), time), running, NullLogger.Instance);
    }

    private int Progress => _live.Current.Progress;

    [Fact]
    public void Phases_WithWeights_ShareTheWhole()
    {
        IReadOnlyList<ProgressReporter> phases = _context.Phases(1, 3);
        phases[0].Report(50.0);
        Progress.ShouldBe(12);
        phases[0].Report(100.0);
        Progress.ShouldBe(25);
        phases[1].Report(1L, 3L);
        Progress.ShouldBe(50);
        phases[1].Phases(1, 1)[1].Report(100.0, "all but done");
        Progress.ShouldBe(99);
        _live.Current.Activity.ShouldBe("all but done");
    }

    [Fact]
    public void Phases_WithAWeightOfNothing_AreRefused() => Should.Throw<ArgumentOutOfRangeException>(() => _context.Phases(1, 0));

    [Theory]
    [InlineData(29, 100, 29)]
    [InlineData(7, 10, 70)]
    [InlineData(1, 0, 0)]
    [InlineData(20, 10, 99)]
    public void Report_OfACount_IsItsPercentage(long done, long total, int expected)
    {
        _context.Report(done, total);
        Progress.ShouldBe(expected);
    }

    [Fact]
    public void Report_WhenNobodyWatches_AllocatesNothing()
    {
        const int reports = 100_000;
        string[] activities = ["Copying.", "Sorting."];
        _context.Report(0L, reports, activities[0]);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < reports; i++)
        {
            _context.Report(i, reports, activities[i % 2]);
        }

        (GC.GetAllocatedBytesForCurrentThread() - allocated).ShouldBe(0);
        Progress.ShouldBe(99);
    }

    [Fact]
    public void Report_OfNotANumber_IsIgnored()
    {
        _context.Report(40.0);
        _context.Report(double.NaN, "still here");
        Progress.ShouldBe(40);
        _live.Current.Activity.ShouldBe("still here");
    }
}
