using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>The jobs that this node knows, by their operations and, while they wait in Hangfire's queues, by their ids; and how many are ahead of one.</summary>
internal sealed class KnownJobs
{
    private readonly ConcurrentDictionary<OperationKey, KnownJob> _jobs = new();
    private readonly ConcurrentDictionary<string, KnownJob> _queued = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Counts> _counts = new(StringComparer.Ordinal);

    public int Count => _jobs.Count;

    public bool Contains(OperationKey key) => _jobs.ContainsKey(key);

    public bool TryFind(OperationKey key, [NotNullWhen(true)] out KnownJob? job) => _jobs.TryGetValue(key, out job);

    public bool IsRunning(OperationKey key) => TryFind(key, out KnownJob? job) && job.IsRunning;

    /// <summary>The one that is known for its operation, else it.</summary>
    public KnownJob GetOrAdd(KnownJob job) => _jobs.GetOrAdd(job.Key, job);

    /// <summary>It stands for its operation from now on, whichever did before.</summary>
    public KnownJob Put(KnownJob job)
    {
        Forget(job.Key);
        return _jobs[job.Key] = job;
    }

    public void Forget(OperationKey key)
    {
        if (_jobs.TryRemove(key, out KnownJob? job))
        {
            LeaveQueue(job);
        }
    }

    /// <summary>The job is not as the operation is, so that another one is to follow it.</summary>
    public void ForgetUnlessRunning(FetchedJob fetched)
    {
        if (TryFind(fetched.Key, out KnownJob? job) && job.Id == fetched.Id && !job.IsRunning)
        {
            Forget(fetched.Key);
        }
    }

    public void EnterQueue(KnownJob job)
    {
        _queued[job.Id] = job;
        if (job.Number == 0)
        {
            job.Number = Interlocked.Increment(ref CountsOf(job.Key).Queued);
        }
    }

    public void LeaveQueue(KnownJob job)
    {
        _queued.TryRemove(job.Id, out _);
        if (job.TakeNumber() != 0)
        {
            Interlocked.Increment(ref CountsOf(job.Key).Begun);
        }
    }

    /// <summary>What this node has put into a queue, by its id; once.</summary>
    public KnownJob? TakeQueued(string id) => _queued.TryRemove(id, out KnownJob? job) ? job : null;

    /// <summary>How many are ahead: of those that Hangfire holds, and of those that wait to be handed to it.</summary>
    public int? Position(OperationKey key, int? inDispatcher)
    {
        Counts counts = CountsOf(key);
        return TryFind(key, out KnownJob? job) && job.Number is > 0 and var number
            ? (int)Math.Max(0, number - Interlocked.Read(ref counts.Begun) - 1)
            : inDispatcher + (int)(Interlocked.Read(ref counts.Queued) - Interlocked.Read(ref counts.Begun));
    }

    private Counts CountsOf(OperationKey key) => _counts.GetOrAdd(key.Type, static _ => new Counts());

    private sealed class Counts
    {
        public long Queued;
        public long Begun;
    }
}
