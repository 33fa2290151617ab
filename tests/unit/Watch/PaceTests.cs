using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using RealtimeOps.Watch;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Watch;

public sealed class PaceTests
{
    private static readonly DateTimeOffset Now = An.Instant;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 1)]
    [InlineData(15, 5)]
    [InlineData(3600, 30)]
    public void Seconds_WithAnEstimate_IsAThirdOfWhatIsLeft(int left, int expected) =>
        Pace.Seconds(new OperationStatus(An.Running(), Now.AddSeconds(left)), Now).ShouldBe(expected);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(40, 10)]
    [InlineData(4000, 30)]
    public void Seconds_WithoutAnEstimate_GrowsWithTheTimeSpent(int spent, int expected) =>
        Pace.Seconds(new OperationStatus(An.Running()), Now.AddSeconds(spent)).ShouldBe(expected);

    [Fact]
    public void Seconds_BeforeItsTime_IsTheTimeUntilThen() =>
        Pace.Seconds(new OperationStatus(An.Operation() with { DueAt = Now.AddSeconds(12.3) }), Now).ShouldBe(13);
}
