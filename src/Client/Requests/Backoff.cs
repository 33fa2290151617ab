namespace RealtimeOps.Client.Requests;

/// <summary>How long to wait before the next try, and for how long to try at all.</summary>
/// <param name="patience">How long the server may be out of reach.</param>
/// <param name="time">The clock.</param>
internal sealed class Backoff(TimeSpan patience, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>A connection that held for so long was a good one, and its loss is the first of a new row.</summary>
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(10);

    private long _heardAt = time.GetTimestamp();
    private long _resumedAt = time.GetTimestamp();
    private int _failures;

    /// <summary>The bound of the first pause; the server may say another one.</summary>
    public TimeSpan First { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The server has answered.</summary>
    public void Heard() => _heardAt = time.GetTimestamp();

    /// <summary>
    /// Waits for what the server asks, if anything, and anything from nothing to a bound that doubles: so the clients of a server that restarts do not come back in step. Answers
    /// at once, with false, when the patience is over.
    /// </summary>
    public async Task<bool> WaitAsync(TimeSpan? asked, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_resumedAt, _heardAt) >= Steady)
        {
            _failures = 0;
        }

        TimeSpan pause = (asked ?? TimeSpan.Zero) + (Random.Shared.NextDouble() * Min(Longest, First * Math.Pow(2, Math.Min(_failures++, 16))));
        if (patience != Timeout.InfiniteTimeSpan)
        {
            TimeSpan left = patience - time.GetElapsedTime(_heardAt);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            pause = Min(pause, left);
        }

        await Task.Delay(pause, time, cancellationToken);
        _resumedAt = time.GetTimestamp();
        return true;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
