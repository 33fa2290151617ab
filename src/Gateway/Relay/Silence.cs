namespace RealtimeOps.Relay;

/// <summary>How long a service has not been heard of.</summary>
internal sealed class Silence(TimeSpan limit, TimeProvider time)
{
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(1);

    private long _lastHeard = time.GetTimestamp();

    public TimeSpan Limit => limit;

    public bool IsTooLong => Left <= TimeSpan.Zero;

    private TimeSpan Left => limit - time.GetElapsedTime(Volatile.Read(ref _lastHeard));

    /// <summary>It was heard of.</summary>
    public void Break() => Volatile.Write(ref _lastHeard, time.GetTimestamp());

    /// <summary>Ends when it has not been heard of for too long.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (Left is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left + Grain, time, cancellationToken);
        }
    }

    /// <summary>Cancels <paramref name="listening"/> when it has not been heard of for too long; ends with it.</summary>
    public async Task GuardAsync(CancellationTokenSource listening)
    {
        await WaitAsync(listening.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await listening.CancelAsync();
    }
}
