using System.Collections.Concurrent;
using System.Threading.Channels;
using Hangfire.States;
using Hangfire.Storage;
using RealtimeOps.Feed;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>
/// Which Hangfire job stands for which operation, and what is written about it: one after the other, and away from those who ask, since
/// Hangfire's storage makes its callers wait.
/// </summary>
internal sealed class OperationJobs(EngineStorage storage, OperationFeed feed, OperationTypes types, ILogger<OperationJobs> logger) : IDisposable
{
    /// <summary>Scheduled jobs are shown for so many; those that come later are brought by the sweeper when they are due.</summary>
    private const int MostKnown = 50_000;

    private readonly Channel<Order> _orders = Channel.CreateUnbounded<Order>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<OperationKey, Entry> _known = new();
    private readonly ConcurrentDictionary<OperationKey, byte> _started = new();
    private readonly ConcurrentDictionary<string, Counts> _counts = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private Task _writing = Task.CompletedTask;

    private enum OrderKind
    {
        Schedule,
        Start,
        Cancel,
    }

    /// <summary>Told when what was started has ended, once each time.</summary>
    public Action<OperationKey>? Ended { get; set; }

    /// <summary>Told when a job's new state is written and its operation waits again.</summary>
    public Action<WaitingOperation>? LeftWaiting { get; set; }

    /// <summary>Fires when the server stops.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public void Begin() => _writing = Task.Run(WriteAsync);

    public async Task StopAsync()
    {
        _orders.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _writing;
    }

    /// <summary>It is due later: shows it among the scheduled jobs, unless there are too many.</summary>
    public void Schedule(WaitingOperation operation)
    {
        if (_known.Count < MostKnown && !_known.ContainsKey(operation.Key))
        {
            _orders.Writer.TryWrite(new Order(OrderKind.Schedule, operation));
        }
    }

    /// <summary>It is due and there is room for it.</summary>
    public void Start(WaitingOperation operation)
    {
        _started[operation.Key] = 0;
        _orders.Writer.TryWrite(new Order(OrderKind.Start, operation));
    }

    /// <summary>The operation was canceled: a job that waits for it is done with. One that runs ends with its handler.</summary>
    public void Cancel(OperationKey key) => _orders.Writer.TryWrite(new Order(OrderKind.Cancel, new WaitingOperation(key, 0, default)));

    /// <summary>Whether the dispatcher has let it start, so that it counts against its type's limit.</summary>
    public bool MayRun(OperationKey key) =>
        _started.ContainsKey(key) || !types.TryFind(key.Type, out OperationType? type) || type.Concurrency is null;

    /// <summary>A job begins to run the operation. False when another run of it goes on here: Hangfire runs jobs twice now and then.</summary>
    public bool TryBegin(OperationKey key, string jobId)
    {
        Entry entry = _known.GetOrAdd(key, static _ => new Entry());
        if (!entry.TryRun())
        {
            return false;
        }

        entry.JobId = jobId;
        LeaveQueue(key, entry);
        return true;
    }

    /// <summary>What was started has ended, or will not run: there is room for another one.</summary>
    public void End(OperationKey key)
    {
        if (_started.TryRemove(key, out _))
        {
            Ended?.Invoke(key);
        }
    }

    /// <summary>The job's new state, made from how the operation was left, is written.</summary>
    public void Left(OperationKey key, Operation? operation)
    {
        if (operation is not null && operation.State.IsWaiting())
        {
            if (_known.TryGetValue(key, out Entry? entry))
            {
                entry.EndRun();
            }

            LeftWaiting?.Invoke(new WaitingOperation(key, operation.Sequence, operation.DueAt));
        }
        else
        {
            Forget(key);
        }
    }

    /// <summary>How many are ahead: of those that Hangfire holds, and of those that wait to be handed to it.</summary>
    public int? Position(OperationKey key, int? inDispatcher)
    {
        Counts counts = CountsOf(key);
        return _known.TryGetValue(key, out Entry? entry) && entry.Number is > 0 and var number
            ? (int)Math.Max(0, number - Interlocked.Read(ref counts.Begun) - 1)
            : inDispatcher + (int)(Interlocked.Read(ref counts.Queued) - Interlocked.Read(ref counts.Begun));
    }

    public void Dispose() => _stopping.Dispose();

    private async Task WriteAsync()
    {
        await foreach (Order order in _orders.Reader.ReadAllAsync())
        {
            try
            {
                Write(order);
            }
            catch (Exception failure)
            {
                // Whatever the storage has: the operation waits in the store, and the sweeper asks again.
                HangfireLog.JobNotWritten(logger, failure, order.Operation.Key);
                End(order.Operation.Key);
            }
        }
    }

    private void Write(Order order)
    {
        (OrderKind kind, WaitingOperation operation) = order;
        _known.TryGetValue(operation.Key, out Entry? entry);
        switch (kind)
        {
            case OrderKind.Schedule when entry is null:
                Create(operation, JobStates.NotBefore(operation.DueAt, "Not before its time."));
                break;
            case OrderKind.Start when feed.Newest(operation.Key) is { IsFinal: true }:
                End(operation.Key);
                break;
            case OrderKind.Start when entry?.JobId is not { } job || !IsWaitingOrRuns(job):
                Forget(operation.Key);
                Create(operation, new EnqueuedState(QueueOf(operation.Key)));
                break;
            case OrderKind.Start:
                Count(operation.Key, entry);
                storage.Client.ChangeState(entry.JobId, new EnqueuedState(QueueOf(operation.Key)), ScheduledState.StateName);
                break;
            case OrderKind.Cancel when entry?.JobId is { } waiting && IsWaiting(waiting):
                storage.Client.ChangeState(waiting, new DeletedState { Reason = "The operation was canceled." }, null);
                Forget(operation.Key);
                End(operation.Key);
                break;
        }
    }

    private void Create(WaitingOperation operation, IState state)
    {
        var entry = new Entry();
        _known[operation.Key] = entry;
        if (state is EnqueuedState)
        {
            Count(operation.Key, entry);
        }

        entry.JobId = storage.Client.Create(OperationJob.For(operation.Key, QueueOf(operation.Key)), state);
    }

    private void Count(OperationKey key, Entry entry)
    {
        if (entry.Number == 0)
        {
            entry.Number = Interlocked.Increment(ref CountsOf(key).Queued);
        }
    }

    private void LeaveQueue(OperationKey key, Entry entry)
    {
        if (entry.TakeNumber() != 0)
        {
            Interlocked.Increment(ref CountsOf(key).Begun);
        }
    }

    private void Forget(OperationKey key)
    {
        if (_known.TryRemove(key, out Entry? entry))
        {
            LeaveQueue(key, entry);
        }
    }

    private bool IsWaiting(string jobId) => StateOf(jobId) is { } state && (state == EnqueuedState.StateName || state == ScheduledState.StateName);

    private bool IsWaitingOrRuns(string jobId) => StateOf(jobId) is { } state && (state == EnqueuedState.StateName || state == ScheduledState.StateName || state == ProcessingState.StateName);

    private string? StateOf(string jobId)
    {
        using IStorageConnection connection = storage.Jobs.GetConnection();
        return connection.GetStateData(jobId)?.Name;
    }

    private string QueueOf(OperationKey key) => types.TryFind(key.Type, out OperationType? type) ? type.Queue : EnqueuedState.DefaultQueue;

    private Counts CountsOf(OperationKey key) => _counts.GetOrAdd(key.Type, static _ => new Counts());

    private readonly record struct Order(OrderKind Kind, WaitingOperation Operation);

    /// <summary>A job that stands for an operation; the number is its place among those of its type while it waits in Hangfire's queue, else 0.</summary>
    private sealed class Entry
    {
        private long _number;
        private int _runs;

        public string? JobId { get; set; }

        public long Number
        {
            get => Volatile.Read(ref _number);
            set => Volatile.Write(ref _number, value);
        }

        public long TakeNumber() => Interlocked.Exchange(ref _number, 0);

        public bool TryRun() => Interlocked.CompareExchange(ref _runs, 1, 0) == 0;

        public void EndRun() => Volatile.Write(ref _runs, 0);
    }

    private sealed class Counts
    {
        public long Queued;
        public long Begun;
    }
}
