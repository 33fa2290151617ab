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

    public void Take(string type)
    {
        lock (_gate)
        {
            _running++;
            if (_byName.TryGetValue(type, out TypeRoom? room))
            {
                room.Running++;
            }
        }
    }

    public void Release(string type)
    {
        CancellationTokenSource? whileSomeAreFull = null;
        lock (_gate)
        {
            _running--;
            if (_byName.TryGetValue(type, out TypeRoom? room) && room.Running-- == room.Most)
            {
                (whileSomeAreFull, _whileSomeAreFull) = (_whileSomeAreFull, null);
            }

            Monitor.PulseAll(_gate);
        }

        whileSomeAreFull?.Cancel();
    }

    private string[] Open_NeedsLock()
    {
        _first = (_first + 1) % _types.Length;
        return [.. _types[_first..].Concat(_types[.._first]).Where(type => type.Running < type.Most).Select(type => type.Queue)];
    }

    private void Wake()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    private sealed class TypeRoom(string name, string queue, int most)
    {
        public string Name => name;

        public string Queue => queue;

        public int Most => most;

        public int Running { get; set; }
    }
}
