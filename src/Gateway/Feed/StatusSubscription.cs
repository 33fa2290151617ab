using System.Threading.Tasks.Sources;

namespace RealtimeOps.Feed;

/// <summary>
/// One reader's wake-up call: a signal that stays up until taken. It carries no data, so there is nothing to queue: the reader
/// looks up the newest snapshot itself. One waiter at a time. The waiter goes on, on the thread that wakes it, until it next waits.
/// </summary>
internal sealed class StatusSubscription(FanOut fanOut) : IValueTaskSource, IDisposable
{
    private const int Empty = 0;
    private const int Waiting = 1;
    private const int Signaled = 2;

    private ManualResetValueTaskSourceCore<bool> _source;
    private int _state;

    /// <summary>Its place in the fan-out; -1 when it has left.</summary>
    internal int Index { get; set; }

    /// <summary>Completes at the next wake-up, at once if one came since the last wait.</summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Empty, Signaled) == Signaled)
        {
            return ValueTask.CompletedTask;
        }

        _source.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Empty) == Empty)
        {
            return new ValueTask(this, _source.Version);
        }

        Interlocked.Exchange(ref _state, Empty);
        return ValueTask.CompletedTask;
    }

    public void Wake()
    {
        if (Interlocked.Exchange(ref _state, Signaled) == Waiting)
        {
            // A full fence: what the reader looks at next must not be read before the next waker can see that it has been taken.
            Interlocked.Exchange(ref _state, Empty);
            _source.SetResult(true);
        }
    }

    public void Dispose() => fanOut.Unsubscribe(this);

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
