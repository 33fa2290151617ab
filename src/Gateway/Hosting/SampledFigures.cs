namespace RealtimeOps.Hosting;

/// <summary>
/// Figures that cost a look into the store: taken at most every few seconds, however many ask. Instruments are asked synchronously, so a store that does not answer
/// is not waited for: then there are none.
/// </summary>
internal sealed class SampledFigures<T>(Func<CancellationToken, ValueTask<T>> take, TimeProvider time)
    where T : class
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private Task<T>? _taking;
    private long _takenAt;

    public T? Get()
    {
        Task<T> taking;
        lock (_gate)
        {
            if (_taking is null || (_taking.IsCompleted && time.GetElapsedTime(_takenAt) >= Age))
            {
                _takenAt = time.GetTimestamp();
                _taking = Task.Run(() => take(CancellationToken.None).AsTask());
            }

            taking = _taking;
        }

        ((IAsyncResult)taking).AsyncWaitHandle.WaitOne(Patience);
        return taking.IsCompletedSuccessfully ? taking.Result : null;
    }
}
