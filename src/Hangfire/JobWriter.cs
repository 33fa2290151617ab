using Hangfire.Storage;

namespace RealtimeOps.Hangfire;

/// <summary>
/// Writes what happens to jobs: in order, away from those who tell, and all that has come meanwhile in one transaction, since Hangfire's storages make their callers wait
/// for each. The thread is its own: one of the pool's that waits is missing there.
/// </summary>
internal sealed class JobWriter(EngineStorage storage, TimeProvider time, ILogger<JobWriter> logger) : IDisposable
{
    private const int MostAtOnce = 256;
    private const string Probe = "realtimeops:probe";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly Queue<JobChange> _changes = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Has <paramref name="write"/> add to the next transaction, and to one of its own if that fails; then calls <paramref name="committed"/>, or <paramref name="dropped"/> if the storage takes others but not this.</summary>
    public void Post(Action<JobBatch> write, Action? committed = null, Action? dropped = null)
    {
        lock (_gate)
        {
            _changes.Enqueue(new JobChange(write, committed, dropped));
            if (_changes.Count == 1)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    public void Begin() => new Thread(Write) { Name = "Hangfire jobs", IsBackground = true }.Start();

    /// <summary>Ends when all that was told is written, or the storage refuses it.</summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            _stopping.Cancel();
            Monitor.Pulse(_gate);
        }

        return _ended.Task;
    }

    public void Dispose() => _stopping.Dispose();

    private void Write()
    {
        var changes = new List<JobChange>(MostAtOnce);
        while (TryTake(changes))
        {
            Write(changes);
            changes.Clear();
        }

        _ended.SetResult();
    }

    /// <summary>Waits for changes. False when there will be no more.</summary>
    private bool TryTake(List<JobChange> changes)
    {
        lock (_gate)
        {
            while (_changes.Count == 0 && !_stopping.IsCancellationRequested)
            {
                Monitor.Wait(_gate);
            }

            while (changes.Count < MostAtOnce && _changes.TryDequeue(out JobChange change))
            {
                changes.Add(change);
            }
        }

        return changes.Count > 0;
    }

    private void Write(List<JobChange> changes)
    {
        try
        {
            Commit(changes, isRepeated: false);
        }
        catch (Exception failure)
        {
            // Whatever the storage has. The operations are in their store, but what Hangfire is not told it would never run.
            HangfireLog.JobsNotWritten(logger, failure, changes.Count);
            foreach (JobChange change in changes)
            {
                WriteAlone(change);
            }

            return;
        }

        foreach (JobChange change in changes)
        {
            FollowUp(change.Committed);
        }
    }

    /// <summary>Until it is written, or the storage takes another but not this one, which must not keep up all that comes behind it.</summary>
    private void WriteAlone(JobChange change)
    {
        do
        {
            try
            {
                Commit([change], isRepeated: true);
                FollowUp(change.Committed);
                return;
            }
            catch (Exception failure)
            {
                if (TakesOthers())
                {
                    HangfireLog.JobNotWritten(logger, failure);
                    FollowUp(change.Dropped);
                    return;
                }
            }
        }
        while (!_stopping.Token.WaitHandle.WaitOne(Pause));
    }

    private bool TakesOthers()
    {
        try
        {
            Commit([new JobChange(static batch => batch.Transaction.SetRangeInHash(Probe, [new("Job", "none")]), null, null)], isRepeated: false);
            return true;
        }
        catch (Exception)
        {
            // Why was said when the batch failed.
            return false;
        }
    }

    private void Commit(List<JobChange> changes, bool isRepeated)
    {
        using IStorageConnection connection = storage.Jobs.GetConnection();
        using IWriteOnlyTransaction transaction = connection.CreateWriteTransaction();
        var batch = new JobBatch(storage, connection, transaction, time.GetUtcNow().UtcDateTime, isRepeated);
        foreach (JobChange change in changes)
        {
            change.Write(batch);
        }

        transaction.Commit();
    }

    /// <summary>What is written stays so, whatever comes of what follows.</summary>
    private void FollowUp(Action? action)
    {
        try
        {
            action?.Invoke();
        }
        catch (Exception failure)
        {
            HangfireLog.NotFollowedUp(logger, failure);
        }
    }

    private readonly record struct JobChange(Action<JobBatch> Write, Action? Committed, Action? Dropped);
}
