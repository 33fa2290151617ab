using Microsoft.Extensions.Logging.Abstractions;
using RealtimeOps.Execution;
using RealtimeOps.Feed;
using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Execution;

public sealed class RunningAttemptTests
{
    [Fact]
    public void Stop_WithACallbackThatThrows_StopsAllTheSame()
    {
        Operation running = An.Running();
        using var attempt = new RunningAttempt(new LiveOperation(running.Key, new ManualTime()), running, TimeProvider.System, NullLogger.Instance);
        attempt.StopToken.Register(static () => throw new InvalidOperationException("the handler's own fault"));
        attempt.Stop(StopReason.Canceled, grace: TimeSpan.Zero);
        attempt.StopToken.IsCancellationRequested.ShouldBeTrue();
        attempt.AbandonToken.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void Stop_Twice_KeepsTheFirstReason()
    {
        Operation running = An.Running();
        using var attempt = new RunningAttempt(new LiveOperation(running.Key, new ManualTime()), running, TimeProvider.System, NullLogger.Instance);
        attempt.Stop(StopReason.TimedOut);
        attempt.Stop(StopReason.ShuttingDown);
        attempt.StopReason.ShouldBe(StopReason.TimedOut);
    }
}
