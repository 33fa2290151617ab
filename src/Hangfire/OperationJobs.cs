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

    private readonly KnownJobs _known = new();
    private readonly ConcurrentDictionary<OperationKey, Handed> _started = new();
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
        if (_known.Count < MostKnown && !_known.Contains(operation.Key))
        {
            writer.Post(
                batch =>
                {
                    if (Find(batch, operation.Key) is null)
                    {
                        Create(batch, operation.Key, JobStates.NotBefore(operation.DueAt, "Not before its time."));
                    }
                },
                dropped: () => _known.Forget(operation.Key));
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
        if (Find(batch, key) is { State: var state } job && (state == EnqueuedState.StateName || state == ScheduledState.StateName))
        {
            Change(batch, job, new DeletedState { Reason = "The operation was canceled." });
            Drop(key);
        }
    });

    /// <summary>What this node has put into a queue it need not read from the storage when it is fetched. Null for a job that it does not know.</summary>
    public (OperationKey Key, Job Job)? Recall(string id) => _known.TakeQueued(id) is { } known && !storage.IsShared ? (known.Key, known.Job) : null;

    /// <summary>The job's attempt has begun.</summary>
    public void Begin(FetchedJob job, Operation started)
    {
        KnownJob known = _known.GetOrAdd(new KnownJob(job.Key, job.Id, job.Job));
        known.IsRunning = true;
        _known.LeaveQueue(known);
        writer.Post(
            batch =>
            {
                known.Id = job.Id;
                known.State = job.State;
                Change(batch, known, new RunningState(started, job.ServerId));
            },
            committed: job.Acknowledge,
            dropped: job.Acknowledge);
    }

    /// <summary>The job's attempt has ended; null leaves the job's state to whoever holds the operation now.</summary>
    public void End(FetchedJob job, Operation? left, IState? state)
    {
        if (_known.TryFind(job.Key, out KnownJob? known))
        {
            known.IsRunning = false;
        }

        writer.Post(
            batch =>
            {
                if (state is not null)
                {
                    batch.Change(job.Id, job.Job, ProcessingState.StateName, state);
                }

                if (state is not null && known is not null)
                {
                    known.State = state.Name;
                }

                if (state is { IsFinal: true })
                {
                    directory.Remove(batch, job.Key);
                }

                if (state is null or { IsFinal: true })
                {
                    _known.Forget(job.Key);
                }
            },
            dropped: () => _known.ForgetUnlessRunning(job));
        Release(job.Key);
        TellIfWaiting(left);
    }

    /// <summary>The operation could not be claimed for the job: it has ended, is not due, or another attempt holds it.</summary>
    public void Refuse(FetchedJob job, Operation? present)
    {
        bool isRunningHere = _known.IsRunning(job.Key);
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
        _known.Forget(key);
        Release(key);
    }

    /// <inheritdoc cref="KnownJobs.Position"/>
    public int? Position(OperationKey key, int? inDispatcher) => _known.Position(key, inDispatcher);

    public void Dispose() => _stopping.Dispose();

    private void Start(JobBatch batch, OperationKey key)
    {
        KnownJob? job = Find(batch, key);
        if (feed.Newest(key) is { IsFinal: true })
        {
            Release(key);
        }
        else if (!JobStates.IsAlive(job?.State))
        {
            Create(batch, key, new EnqueuedState(OperationJob.QueueOf(key.Type)));
        }
        else if (job!.State == ScheduledState.StateName || (job.State == ProcessingState.StateName && !job.IsRunning && IsWaiting(key)))
        {
            // In Processing it is a job whose node is gone.
            _known.EnterQueue(job);
            Change(batch, job, new EnqueuedState(OperationJob.QueueOf(key.Type)));
        }
    }

    private void Create(JobBatch batch, OperationKey key, IState state)
    {
        Job job = OperationJob.For(key);
        KnownJob known = _known.Put(new KnownJob(key, batch.Create(job, state), job) { State = state.Name });
        directory.Add(batch, key, known.Id);
        if (state is EnqueuedState)
        {
            _known.EnterQueue(known);
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
            if (_known.TryFind(job.Key, out KnownJob? known) && known.Id == job.Id)
            {
                known.State = state.Name;
                _known.LeaveQueue(known);
                if (state.IsFinal)
                {
                    _known.Forget(job.Key);
                }
            }
        },
        committed: job.Acknowledge,
        dropped: () =>
        {
            _known.ForgetUnlessRunning(job);
            job.Acknowledge();
        });

    /// <summary>The operation's job, with the state that it has now.</summary>
    private KnownJob? Find(JobBatch batch, OperationKey key)
    {
        if (!_known.TryFind(key, out KnownJob? job) && directory.Find(batch, key) is { } id)
        {
            job = _known.GetOrAdd(new KnownJob(key, id, OperationJob.For(key)));
        }

        if (job is not null && (storage.IsShared || batch.IsRepeated))
        {
            job.State = batch.StateOf(job.Id);
            if (batch.IsRepeated && job.State is null && !job.IsRunning)
            {
                // The transaction that was to make it failed.
                _known.Forget(key);
                return null;
            }
        }

        return job;
    }

    private static void Change(JobBatch batch, KnownJob job, IState state)
    {
        batch.Change(job.Id, job.Job, job.State, state);
        job.State = state.Name;
    }

    private bool IsTheJobOf(FetchedJob job) => _known.TryFind(job.Key, out KnownJob? known) ? known.Id == job.Id : directory.Find(job.Key) == job.Id;

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
}
