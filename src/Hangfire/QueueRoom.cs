namespace RealtimeOps.Hangfire;

/// <summary>
/// The room that this node has for the operations of one named queue: its workers, and of each type as many as may run at once. It is asked before a
/// job is fetched, lest a job waits here for room that another node has.
/// </summary>
internal sealed class QueueRoom
{
    private readonly object _gate = new();
    private readonly int _workers;
    private readonly TypeRoom[] _types;
    private readonly Dictionary<string, TypeRoom> _byName;
    private CancellationTokenSource? _whileSomeAreFull;
    private int _running;
    private int _first;

    public QueueRoom(int workers, IEnumerable<(string Name, int? Most)> types)
    {
        _workers = workers;
        _types = [.. types.Select(type => new TypeRoom(type.Name, OperationJob.QueueOf(type.Name), type.Most ?? int.MaxValue))];
        _byName = _types.ToDictionary(type => type.Name, StringComparer.Ordinal);
    }

    /// <summary>Waits until there is room, and answers for which of Hangfire's queues: another first each time, so that no type starves another. The token fires when it is for more of them.</summary>
    public string[] Wait(CancellationToken stop, out CancellationToken more)
    {
        using CancellationTokenRegistration registration = stop.UnsafeRegister(static room => ((QueueRoom)room!).Wake(), this);
        lock (_gate)
        {
            string[] open = [];
            while (_running >= _workers || (open = Open_NeedsLock()).Length == 0)
            {
                stop.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
            }

            more = open.Length < _types.Length ? (_whileSomeAreFull ??= new CancellationTokenSource()).Token : CancellationToken.None;
            return open;
        }
    }

    public Place Take(string type)
    {
        lock (_gate)
        {
            _running++;
            if (_byName.TryGetValue(type, out TypeRoom? room))
            {
                room.Running++;
            }

            return new Place(this, room);
        }
    }

    private string[] Open_NeedsLock()
    {
        _first = (_first + 1) % _types.Length;
        return [.. _types[_first..].Concat(_types[.._first]).Where(type => type.Running < type.Most).Select(type => type.Queue)];
    }

    private void FreeWorker()
    {
        lock (_gate)
        {
            _running--;
            Monitor.PulseAll(_gate);
        }
    }

    private void Free(TypeRoom type)
    {
        CancellationTokenSource? whileSomeAreFull = null;
        lock (_gate)
        {
            if (type.Running-- == type.Most)
            {
                (whileSomeAreFull, _whileSomeAreFull) = (_whileSomeAreFull, null);
                Monitor.PulseAll(_gate);
            }
        }

        whileSomeAreFull?.Cancel();
    }

    private void Wake()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>What one job has of the room.</summary>
    internal sealed class Place(QueueRoom room, TypeRoom? type)
    {
        private bool _hasWorker = true;

        /// <summary>Its handler has ended: the worker is free, and the next claim need not wait until this end is on disk.</summary>
        public void LeaveWorker()
        {
            if (_hasWorker)
            {
                _hasWorker = false;
                room.FreeWorker();
            }
        }

        /// <summary>Its end is on disk: of its type one more may run.</summary>
        public void Leave()
        {
            LeaveWorker();
            if (type is not null)
            {
                room.Free(type);
            }
        }
    }

    internal sealed class TypeRoom(string name, string queue, int most)
    {
        public string Name => name;

        public string Queue => queue;

        public int Most => most;

        public int Running { get; set; }
    }
}
