namespace RealtimeOps.Storage.Shared;

/// <summary>
/// The database's clock, as this server reads it: asked again and again, and carried on in between by a counter that nobody sets. Leases, due times and expiries of all
/// servers are told by it, so their own clocks may be wrong.
/// </summary>
internal sealed class DatabaseClock(TimeProvider local) : TimeProvider
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private volatile Reading? _reading;

    public override TimeZoneInfo LocalTimeZone => local.LocalTimeZone;

    public override long TimestampFrequency => local.TimestampFrequency;

    public long Milliseconds => GetUtcNow().ToUnixTimeMilliseconds();

    public bool IsDue => _reading is not { } last || local.GetElapsedTime(last.AskedAt) >= Interval;

    /// <summary>Before the first reading, this server's own.</summary>
    public override DateTimeOffset GetUtcNow() => _reading is { } last ? last.Time + local.GetElapsedTime(last.Timestamp) : local.GetUtcNow();

    public override long GetTimestamp() => local.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => local.CreateTimer(callback, state, dueTime, period);

    /// <param name="ask">Answers the database's time in Unix milliseconds.</param>
    public void Set(Func<long> ask)
    {
        long before = local.GetTimestamp();
        DateTimeOffset answer = DateTimeOffset.FromUnixTimeMilliseconds(ask());
        long after = local.GetTimestamp();

        // The answer was made somewhere between question and arrival, and lacks what is less than a millisecond. A difference that this explains is none: time does not tremble.
        TimeSpan doubt = (local.GetElapsedTime(before, after) / 2) + TimeSpan.FromMilliseconds(1);
        DateTimeOffset time = answer + doubt;
        Reading? last = _reading;
        bool isSame = last is not null && (time - (last.Time + local.GetElapsedTime(last.Timestamp, after))).Duration() <= doubt;
        _reading = isSame ? last! with { AskedAt = after } : new Reading(time, after, after);
    }

    private sealed record Reading(DateTimeOffset Time, long Timestamp, long AskedAt);
}
