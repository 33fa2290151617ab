using System.Globalization;
using RealtimeOps.Feed;
using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Feed;

public sealed class ChangeLogCapacityTests
{
    private readonly ChangeLog _log = new();

    [Fact]
    public void Reaches_OnceThePositionFellOffTheEnd_IsFalse()
    {
        FeedPosition atFirst = _log.TakePosition();
        Change(0);
        FeedPosition behindTheFirst = _log.TakePosition();
        for (int i = 1; i < ChangeLog.Capacity; i++)
        {
            Change(i);
        }

        _log.Reaches(atFirst).ShouldBeTrue("All that changed since is there.");
        Change(ChangeLog.Capacity);
        _log.Reaches(atFirst).ShouldBeFalse("The first change is forgotten.");
        _log.Reaches(behindTheFirst).ShouldBeTrue();
    }

    [Fact]
    public void Reaches_HoweverOftenOneOperationChanged_IsTrue()
    {
        FeedPosition position = _log.TakePosition();
        for (int i = 0; i < ChangeLog.Capacity * 2; i++)
        {
            Change(i % 3);
            _log.TakePosition();
        }

        _log.Reaches(position).ShouldBeTrue();
        var changes = new List<(OperationKey Key, long Position, GoneOperation? Gone)>();
        _log.TryRead(position.Number, changes, most: 100).ShouldBeTrue();
        changes.Count.ShouldBe(3);
        changes.ShouldBe(changes.OrderBy(change => change.Position));
    }

    private void Change(int number)
    {
        ChangeLog.Change? unknown = null;
        _log.Touch(An.Operation(number.ToString(CultureInfo.InvariantCulture)), ref unknown);
    }
}
