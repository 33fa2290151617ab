using RealtimeOps.Feed;
using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Feed;

public sealed class QueuedOperationsTests
{
    [Fact]
    public void Follow_OfAStartThatIsToldBeforeTheArrival_LeavesNothingCounted()
    {
        var queued = new QueuedOperations(limit: 1);
        Operation waiting = An.Operation();
        queued.Follow(waiting, waiting.RequestCancel(An.Instant)!);
        queued.Add(waiting.Owner, 1);
        queued.TryEnter(waiting.Owner).ShouldBeTrue();
        queued.TryEnter(waiting.Owner).ShouldBeFalse();
    }
}
