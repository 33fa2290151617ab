using System.Globalization;
using System.Security.Cryptography;
using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>
/// The order of changes, with one entry per operation: a change moves its operation's entry to the end. So "everything that changed
/// since" is the tail of the list, each operation once, and readers need no queues: a reader is a number. Bounded; who asks for
/// what fell off the other end is told to begin anew.
/// </summary>
internal sealed class ChangeLog
{
    public const int Capacity = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<OperationKey, LinkedListNode<Change>> _nodes = [];
    private readonly LinkedList<Change> _order = new();
    private string _epoch = NewEpoch();
    private long _newest;
    private long _floor;
    private long _readUpTo;

    /// <summary>Tells this run of the server from others, and what it knows for sure from what it knew before it may have missed changes.</summary>
    public string Epoch => Volatile.Read(ref _epoch);

    public FanOut FanOut { get; } = new();

    /// <summary>The present end. Whoever takes it as known has to be shown every change from now on.</summary>
    public FeedPosition TakePosition()
    {
        lock (_gate)
        {
            Volatile.Write(ref _readUpTo, _newest);
            return new FeedPosition(_epoch, _newest);
        }
    }

    /// <summary>Changes may have been missed: all positions are unknown from now on, and readers begin anew.</summary>
    public void BeginEpoch()
    {
        lock (_gate)
        {
            Volatile.Write(ref _epoch, NewEpoch());
        }

        FanOut.Signal();
    }

    /// <summary>Whether a reader that knows everything up to <paramref name="position"/> can be told all that it missed.</summary>
    public bool Reaches(FeedPosition position)
    {
        lock (_gate)
        {
            return position.Epoch == Epoch && position.Number >= _floor && position.Number <= _newest;
        }
    }

    /// <summary>
    /// The operation changed. An entry that no reader has passed yet need not move: whoever gets there finds the newest anyway. That
    /// keeps a handler that reports without pause out of the lock.
    /// </summary>
    public void Touch(Operation operation, ref Change? known)
    {
        Interlocked.MemoryBarrier();
        if (known is { IsListed: true } && known.Position > Volatile.Read(ref _readUpTo))
        {
            return;
        }

        lock (_gate)
        {
            if (_nodes.TryGetValue(operation.Key, out LinkedListNode<Change>? node) && node.Value.Gone?.Sequence >= operation.Sequence)
            {
                // It was removed between a change and its announcement.
                return;
            }

            known = Move_NeedsLock(operation.Key, gone: null);
        }

        FanOut.Signal();
    }

    /// <summary>The operation is gone; that is its last change.</summary>
    public void Bury(Operation operation)
    {
        lock (_gate)
        {
            Move_NeedsLock(operation.Key, new GoneOperation(operation));
        }

        FanOut.Signal();
    }

    /// <summary>The next changes behind <paramref name="position"/>, oldest first. False when some of them have fallen off meanwhile.</summary>
    public bool TryRead(long position, List<(OperationKey Key, long Position, GoneOperation? Gone)> changes, int most)
    {
        changes.Clear();
        lock (_gate)
        {
            if (position < _floor)
            {
                return false;
            }

            if (_order.Last is not { } last || last.Value.Position <= position)
            {
                return true;
            }

            for (LinkedListNode<Change>? node = FirstBehind_NeedsLock(position, last); node is not null && changes.Count < most; node = node.Next)
            {
                changes.Add((node.Value.Key, node.Value.Position, node.Value.Gone));
            }

            Volatile.Write(ref _readUpTo, Math.Max(_readUpTo, changes[^1].Position));
            return true;
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_order.Count} operations, {_floor}..{_newest}");

    private static string NewEpoch() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

    /// <summary>From whichever end is nearer: most readers are at the newest, those who come back may be far behind.</summary>
    private LinkedListNode<Change> FirstBehind_NeedsLock(long position, LinkedListNode<Change> last)
    {
        LinkedListNode<Change> node = last;
        if (last.Value.Position - position < position - _order.First!.Value.Position)
        {
            while (node.Previous is { } previous && previous.Value.Position > position)
            {
                node = previous;
            }

            return node;
        }

        for (node = _order.First; node.Value.Position <= position; node = node.Next!)
        {
        }

        return node;
    }

    private Change Move_NeedsLock(OperationKey key, GoneOperation? gone)
    {
        if (_nodes.TryGetValue(key, out LinkedListNode<Change>? node))
        {
            _order.Remove(node);
        }
        else
        {
            node = new LinkedListNode<Change>(new Change(key));
            _nodes.Add(key, node);
        }

        node.Value.Position = ++_newest;
        node.Value.Gone = gone;
        _order.AddLast(node);
        if (_nodes.Count > Capacity)
        {
            Forget_NeedsLock(_order.First!);
        }

        return node.Value;
    }

    private void Forget_NeedsLock(LinkedListNode<Change> oldest)
    {
        _floor = oldest.Value.Position;
        oldest.Value.IsListed = false;
        _order.Remove(oldest);
        _nodes.Remove(oldest.Value.Key);
    }

    /// <summary>An operation's place in the order.</summary>
    internal sealed class Change(OperationKey key)
    {
        private long _position;

        public OperationKey Key => key;

        public long Position
        {
            get => Volatile.Read(ref _position);
            set => Volatile.Write(ref _position, value);
        }

        /// <summary>What it was when it went.</summary>
        public GoneOperation? Gone { get; set; }

        public bool IsListed { get; set; } = true;
    }
}
