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
    public async Task Stop_WithACallbackThatThrows_StopsAllTheSame()
    {
        Operation running = An.Running();
        using var attempt = new RunningAttempt(new LiveOperation(running.Key, new ChangeLog(), new ManualTime()), running, TimeProvider.System, NullLogger.Instance);
        attempt.StopToken.Register(static () => throw new InvalidOperationException("the handler's own fault"));
        var abandoned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        attempt.AbandonToken.Register(abandoned.SetResult);
        attempt.Stop(StopReason.Canceled, grace: TimeSpan.Zero);
        attempt.StopToken.IsCancellationRequested.ShouldBeTrue();
        await abandoned.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Stop_Twice_KeepsTheFirstReason()
    {
        Operation running = An.Running();
        using var attempt = new RunningAttempt(new LiveOperation(running.Key, new ChangeLog(), new ManualTime()), running, TimeProvider.System, NullLogger.Instance);
        attempt.Stop(StopReason.TimedOut);
        attempt.Stop(StopReason.ShuttingDown);
        attempt.StopReason.ShouldBe(StopReason.TimedOut);
    }
}
