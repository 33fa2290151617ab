using Hangfire.States;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>What other nodes took up, and what Hangfire's storage lost.</summary>
internal sealed partial class OperationJobs
{
    /// <summary>So many jobs are looked for at each sweep.</summary>
    private const int MostLookedFor = 500;

    /// <summary>A job is first looked for after so many sweeps; then twice as many, and so on, since a long queue is no loss.</summary>
    private const int FirstPatience = 6;

    /// <summary>
    /// What was handed to Hangfire here and taken up by another node: nobody tells of that, so the store is asked. What waits there for long is looked for in Hangfire's storage, lest it has lost the job.
    /// </summary>
    public async Task ReleaseForeignAsync(CancellationToken cancellationToken)
    {
        WaitingOperation[] started = [.. _started.Values.Select(handed => handed.Operation).Where(operation => !_known.IsRunning(operation.Key))];
        foreach (WaitingOperation[] some in started.Chunk(500))
        {
            HashSet<OperationKey> waiting =
            [
                .. (await store.FindManyAsync([.. some.Select(operation => operation.Sequence)], cancellationToken)).Where(operation => operation.State.IsWaiting()).Select(operation => operation.Key),
            ];
            foreach (OperationKey key in some.Select(operation => operation.Key).Where(key => !waiting.Contains(key) && !_known.IsRunning(key)))
            {
                Drop(key);
            }
        }

        if (storage.IsShared)
        {
            LookForLost();
        }
    }

    private void LookForLost()
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach (Handed handed in _started.Values.Where(handed => handed.LookAt <= now && !_known.IsRunning(handed.Operation.Key)).OrderBy(handed => handed.LookAt).Take(MostLookedFor))
        {
            TimeSpan patience = handed.Patience * 2;
            if (_started.TryUpdate(handed.Operation.Key, new Handed(handed.Operation, patience, now + patience), handed))
            {
                writer.Post(batch => LookFor(batch, handed));
            }
        }
    }

    /// <summary>A job that is gone is made anew; one that should be in its queue is put there again, since nobody can tell whether it still is. The claim makes one too many harmless.</summary>
    private void LookFor(JobBatch batch, Handed handed)
    {
        OperationKey key = handed.Operation.Key;
        if (!_started.ContainsKey(key) || _known.IsRunning(key) || !IsWaiting(key))
        {
            return;
        }

        Start(batch, key);
        if (_known.TryFind(key, out KnownJob? job) && batch.IsQueuedLongerThan(handed.Patience, job.Id))
        {
            Change(batch, job, new EnqueuedState(OperationJob.QueueOf(key.Type)) { Reason = "It has waited for long." });
        }
    }

    /// <summary>What was handed to Hangfire, and when its job is looked for.</summary>
    private sealed record Handed(WaitingOperation Operation, TimeSpan Patience, DateTimeOffset LookAt);
}
