namespace RealtimeOps.UnitTests.Support;

/// <summary>A clock that goes on only when told to. Its timers never fire: what is tested with it reads the time and waits for nothing.</summary>
internal sealed class ManualTime : TimeProvider
{
    private DateTimeOffset _now = An.Instant;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan span) => _now += span;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Never();

    private sealed class Never : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
