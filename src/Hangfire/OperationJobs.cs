using System.Collections.Concurrent;
using Hangfire.Common;
using Hangfire.States;
using Microsoft.Extensions.Options;
using RealtimeOps.Execution;
using RealtimeOps.Feed;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>Which Hangfire job stands for which operation, and how it follows it.</summary>
internal sealed partial class OperationJobs(EngineStorage storage, JobWriter writer, JobDirectory directory, OperationFeed feed, IOperationStore store, IOptions<ExecutionOptions> options, TimeProvider time)
    : IDisposable
{
    /// <summary>Scheduled jobs are shown for so many; those that come later are brought by the sweeper when they are due.</summary>
    private const int MostKnown = 50_000;

    private readonly ConcurrentDictionary<OperationKey, Entry> _known = new();
    private readonly ConcurrentDictionary<string, (OperationKey Key, Entry Entry)> _queued = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<OperationKey, Handed> _started = new();
    private readonly ConcurrentDictionary<string, Counts> _counts = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Told when what was started has ended, once each time.</summary>
    public Action<OperationKey>? Ended { get; set; }

    /// <summary>Told when an operation waits again.</summary>
    public Action<WaitingOperation>? LeftWaiting { get; set; }

    /// <summary>Fires when the server stops.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public Task StopAsync() => _stopping.CancelAsync();

    /// <summary>It is due later: shows it among the scheduled jobs, unless there are too many.</summary>
    public void Schedule(WaitingOperation operation)
    {
        if (_known.Count < MostKnown && !_known.ContainsKey(operation.Key))
        {
            writer.Post(
                batch =>
                {
                    if (Find(batch, operation.Key) is null)
                    {
                        Create(batch, operation.Key, JobStates.NotBefore(operation.DueAt, "Not before its time."));
                    }
                },
                dropped: () => Forget(operation.Key));
        }
    }

    /// <summary>It is due: whoever has room for it may run it.</summary>
    public void Start(WaitingOperation operation)
    {
        TimeSpan patience = options.Value.SweepInterval * FirstPatience;
        _started[operation.Key] = new Handed(operation, patience, LookAt: time.GetUtcNow() + patience);
        writer.Post(batch => Start(batch, operation.Key), dropped: () => Drop(operation.Key));
    }

    /// <summary>The operation was canceled: a job that waits for it is done with. One that runs ends with its handler.</summary>
    public void Cancel(OperationKey key) => writer.Post(batch =>
    {
        if (Find(batch, key) is { State: var state } entry && (state == EnqueuedState.StateName || state == ScheduledState.StateName))
        {
            Change(batch, entry, new DeletedState { Reason = "The operation was canceled." });
            Drop(key);
        }
    });

    /// <summary>What this node has put into a queue it need not read from the storage when it is fetched. Null for a job that it does not know.</summary>
    public (OperationKey Key, Job Job)? Recall(string id) => _queued.TryRemove(id, out var known) && !storage.IsShared ? (known.Key, known.Entry.Job) : null;

    /// <summary>The job's attempt has begun.</summary>
    public void Begin(FetchedJob job, Operation started)
    {
        Entry entry = _known.GetOrAdd(job.Key, static (_, job) => new Entry(job.Id, job.Job), job);
        entry.IsRunning = true;
        LeaveQueue(job.Key, entry);
        writer.Post(
            batch =>
            {
                entry.Id = job.Id;
                entry.State = job.State;
                Change(batch, entry, new RunningState(started, job.ServerId));
            },
            committed: job.Acknowledge,
            dropped: job.Acknowledge);
    }

    /// <summary>The job's attempt has ended; null leaves the job's state to whoever holds the operation now.</summary>
    public void End(FetchedJob job, Operation? left, IState? state)
    {
        if (_known.TryGetValue(job.Key, out Entry? entry))
        {
            entry.IsRunning = false;
        }

        writer.Post(
            batch =>
            {
                if (state is not null)
                {
                    batch.Change(job.Id, job.Job, ProcessingState.StateName, state);
                }

                if (state is not null && entry is not null)
                {
                    entry.State = state.Name;
                }

                if (state is { IsFinal: true })
                {
                    directory.Remove(batch, job.Key);
                }

                if (state is null or { IsFinal: true })
                {
                    Forget(job.Key);
                }
            },
            dropped: () => ForgetUnlessRunning(job));
        Release(job.Key);
        TellIfWaiting(left);
    }

    /// <summary>The operation could not be claimed for the job: it has ended, is not due, or another attempt holds it.</summary>
    public void Refuse(FetchedJob job, Operation? present)
    {
        bool isRunningHere = IsRunningHere(job.Key);
        IState? state = !JobStates.IsAlive(job.State) ? null
            : present is not { State: OperationState.Running or OperationState.Canceling } ? JobStates.After(present, failure: null, present?.UpdatedAt ?? default)
            : !isRunningHere && !storage.IsShared ? JobStates.NotBefore(present.LeaseUntil ?? present.UpdatedAt, "Another server holds the operation.")
            : IsTheJobOf(job) ? null
            : new DeletedState { Reason = "Another job runs the operation." };
        Settle(job, state);
        if (!isRunningHere)
        {
            Release(job.Key);
            TellIfWaiting(present);
        }
    }

    /// <summary>The attempt could not begin.</summary>
    public void Postpone(FetchedJob job, IState later)
    {
        Settle(job, later);
        Release(job.Key);
    }

    /// <summary>Nothing is to be run for the operation any more.</summary>
    public void Drop(OperationKey key)
    {
        Forget(key);
        Release(key);
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

    private void Start(JobBatch batch, OperationKey key)
    {
        Entry? entry = Find(batch, key);
        if (feed.Newest(key) is { IsFinal: true })
        {
            Release(key);
        }
        else if (!JobStates.IsAlive(entry?.State))
        {
            Create(batch, key, new EnqueuedState(OperationJob.QueueOf(key.Type)));
        }
        else if (entry!.State == ScheduledState.StateName || (entry.State == ProcessingState.StateName && !entry.IsRunning && IsWaiting(key)))
        {
            // In Processing it is a job whose node is gone.
            Count(key, entry);
            Change(batch, entry, new EnqueuedState(OperationJob.QueueOf(key.Type)));
        }
    }

    private void Create(JobBatch batch, OperationKey key, IState state)
    {
        Job job = OperationJob.For(key);
        var entry = new Entry(batch.Create(job, state), job) { State = state.Name };
        if (_known.TryRemove(key, out Entry? replaced))
        {
            LeaveQueue(key, replaced);
        }

        _known[key] = entry;
        directory.Add(batch, key, entry.Id);
        if (state is EnqueuedState)
        {
            Count(key, entry);
        }
    }

    private void Settle(FetchedJob job, IState? state) => writer.Post(
        batch =>
        {
            if (state is null)
            {
                return;
            }

            batch.Change(job.Id, job.Job, job.State, state);
            if (_known.TryGetValue(job.Key, out Entry? entry) && entry.Id == job.Id)
            {
                entry.State = state.Name;
                LeaveQueue(job.Key, entry);
                if (state.IsFinal)
                {
                    Forget(job.Key);
                }
            }
        },
        committed: job.Acknowledge,
        dropped: () =>
        {
            ForgetUnlessRunning(job);
            job.Acknowledge();
        });

    /// <summary>The operation's job, with the state that it has now.</summary>
    private Entry? Find(JobBatch batch, OperationKey key)
    {
        if (!_known.TryGetValue(key, out Entry? entry) && directory.Find(batch, key) is { } id)
        {
            entry = _known[key] = new Entry(id, OperationJob.For(key));
        }

        if (entry is not null && (storage.IsShared || batch.IsRepeated))
        {
            entry.State = batch.StateOf(entry.Id);
            if (batch.IsRepeated && entry.State is null && !entry.IsRunning)
            {
                // The transaction that was to make it failed.
                Forget(key);
                return null;
            }
        }

        return entry;
    }

    private static void Change(JobBatch batch, Entry entry, IState state)
    {
        batch.Change(entry.Id, entry.Job, entry.State, state);
        entry.State = state.Name;
    }

    private bool IsRunningHere(OperationKey key) => _known.TryGetValue(key, out Entry? entry) && entry.IsRunning;

    private bool IsTheJobOf(FetchedJob job) => _known.TryGetValue(job.Key, out Entry? entry) ? entry.Id == job.Id : directory.Find(job.Key) == job.Id;

    /// <summary>Asked of the store itself: what is in memory may be older than what another node has done.</summary>
    private bool IsWaiting(OperationKey key) => store.FindAsync(key, CancellationToken.None).AsTask().GetAwaiter().GetResult() is { } present && present.State.IsWaiting();

    private void Release(OperationKey key)
    {
        if (_started.TryRemove(key, out _))
        {
            Ended?.Invoke(key);
        }
    }

    private void TellIfWaiting(Operation? operation)
    {
        if (operation is not null && operation.State.IsWaiting())
        {
            LeftWaiting?.Invoke(WaitingOperation.Of(operation));
        }
    }

    private void Count(OperationKey key, Entry entry)
    {
        _queued[entry.Id] = (key, entry);
        if (entry.Number == 0)
        {
            entry.Number = Interlocked.Increment(ref CountsOf(key).Queued);
        }
    }

    private void LeaveQueue(OperationKey key, Entry entry)
    {
        _queued.TryRemove(entry.Id, out _);
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

    /// <summary>The job is not as the operation is, so that another one is to follow it.</summary>
    private void ForgetUnlessRunning(FetchedJob job)
    {
        if (_known.TryGetValue(job.Key, out Entry? entry) && entry.Id == job.Id && !entry.IsRunning)
        {
            Forget(job.Key);
        }
    }

    private Counts CountsOf(OperationKey key) => _counts.GetOrAdd(key.Type, static _ => new Counts());

    /// <summary>A job that stands for an operation; the number is its place among those of its type while it waits in Hangfire's queue, else 0.</summary>
    private sealed class Entry(string id, Job job)
    {
        private long _number;
        private volatile bool _isRunning;

        public string Id { get; set; } = id;

        public Job Job => job;

        /// <summary>The last state that was written or read.</summary>
        public string? State { get; set; }

        /// <summary>Its attempt runs on this node.</summary>
        public bool IsRunning
        {
            get => _isRunning;
            set => _isRunning = value;
        }

        public long Number
        {
            get => Volatile.Read(ref _number);
            set => Volatile.Write(ref _number, value);
        }

        public long TakeNumber() => Interlocked.Exchange(ref _number, 0);
    }

    private sealed class Counts
    {
        public long Queued;
        public long Begun;
    }
}
