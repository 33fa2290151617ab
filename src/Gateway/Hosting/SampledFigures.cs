namespace RealtimeOps.Hosting;

/// <summary>
/// Figures that cost a look into the store: taken at most every few seconds, however many ask, who wait for it a short time only. While a look takes longer, or fails, those of the last
/// one are told, unless they are so old that it is better to tell nothing.
/// </summary>
internal sealed class SampledFigures<T>(Func<CancellationToken, ValueTask<T>> take, TimeProvider time)
    where T : class
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GreatestAge = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private Task _taking = Task.CompletedTask;
    private long? _takenAt;
    private Sample? _last;

    /// <summary>For instruments, which are asked synchronously.</summary>
    public T? Get()
    {
        (Task taking, TimeSpan patience) = Take();
        ((IAsyncResult)taking).AsyncWaitHandle.WaitOne(patience);
        return Last();
    }

    public async Task<T?> GetAsync(CancellationToken cancellationToken)
    {
        (Task taking, TimeSpan patience) = Take();
        await taking.WaitAsync(patience, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Last();
    }

    /// <summary>A look that is new enough or under way, and how much longer to wait for it.</summary>
    private (Task Taking, TimeSpan Patience) Take()
    {
        lock (_gate)
        {
            if (_takenAt is not { } at || (_taking.IsCompleted && time.GetElapsedTime(at) >= Age))
            {
                _takenAt = at = time.GetTimestamp();
                _taking = Task.Run(() => TakeAsync(at));
            }

            TimeSpan left = Patience - time.GetElapsedTime(at);
            return (_taking, left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
    }

    private async Task TakeAsync(long at) => Volatile.Write(ref _last, new Sample(await take(CancellationToken.None), at));

    private T? Last() => Volatile.Read(ref _last) is { } last && time.GetElapsedTime(last.At) < GreatestAge ? last.Figures : null;

    private sealed record Sample(T Figures, long At);
}
