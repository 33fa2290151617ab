using System.Buffers;

namespace RealtimeOps.Feed;

/// <summary>
/// Wakes many subscriptions without keeping the publisher: a signal only marks that there is news, and a pool thread wakes the
/// readers, who then take the newest. Signals that come while it runs are merged.
/// </summary>
internal sealed class FanOut : IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int RunningAndSignaled = 2;

    private readonly Lock _gate = new();
    private StatusSubscription[] _subscriptions = [];
    private int _count;
    private int _state;

    public int Count => Volatile.Read(ref _count);

    public StatusSubscription Subscribe()
    {
        var subscription = new StatusSubscription(this);
        lock (_gate)
        {
            if (_count == _subscriptions.Length)
            {
                Array.Resize(ref _subscriptions, Math.Max(2, _count * 2));
            }

            subscription.Index = _count;
            _subscriptions[_count] = subscription;
            Volatile.Write(ref _count, _count + 1);
        }

        return subscription;
    }

    public void Unsubscribe(StatusSubscription subscription)
    {
        lock (_gate)
        {
            if (subscription.Index < 0)
            {
                return;
            }

            StatusSubscription last = _subscriptions[_count - 1];
            _subscriptions[subscription.Index] = last;
            last.Index = subscription.Index;
            _subscriptions[_count - 1] = null!;
            Volatile.Write(ref _count, _count - 1);
            subscription.Index = -1;
        }
    }

    public void Signal()
    {
        // A reader subscribes and then looks; we publish and then look for readers. One of the two must see the other.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _count) == 0)
        {
            return;
        }

        int before = Interlocked.CompareExchange(ref _state, Running, Idle);
        if (before == Idle)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else if (before == Running)
        {
            Interlocked.CompareExchange(ref _state, RunningAndSignaled, Running);
            if (Interlocked.CompareExchange(ref _state, Running, Idle) == Idle)
            {
                // It went idle between the two looks: nobody is left to see the mark.
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            Volatile.Write(ref _state, Running);
            Interlocked.MemoryBarrier();
            WakeAll();
        }
        while (Interlocked.CompareExchange(ref _state, Idle, Running) != Running);
    }

    private void WakeAll()
    {
        StatusSubscription[] readers;
        int count;
        lock (_gate)
        {
            count = _count;
            readers = ArrayPool<StatusSubscription>.Shared.Rent(Math.Max(count, 1));
            Array.Copy(_subscriptions, readers, count);
        }

        for (int i = 0; i < count; i++)
        {
            readers[i].Wake();
        }

        ArrayPool<StatusSubscription>.Shared.Return(readers, clearArray: true);
    }
}
