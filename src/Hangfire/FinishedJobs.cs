using Hangfire.States;
using Hangfire.Storage;

namespace RealtimeOps.Hangfire;

/// <summary>
/// How long jobs are kept after their end: about as many as fit, at most a few hours. Left alone, thousands of operations a second would fill the
/// memory. The operations themselves are kept by the store.
/// </summary>
internal sealed class FinishedJobs(TimeProvider time) : IApplyStateFilter
{
    private const int About = 20_000;

    private static readonly TimeSpan Longest = TimeSpan.FromHours(3);

    private readonly Lock _gate = new();
    private readonly Queue<DateTimeOffset> _hundreds = new();
    private int _count;

    public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        if (context.NewState.IsFinal)
        {
            context.JobExpirationTimeout = Keep();
        }
    }

    public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction)
    {
        // Nothing hangs on the state that is left.
    }

    /// <summary>As long as the last so many took to come.</summary>
    private TimeSpan Keep()
    {
        lock (_gate)
        {
            if (++_count % 100 == 0)
            {
                _hundreds.Enqueue(time.GetUtcNow());
                if (_hundreds.Count > About / 100)
                {
                    _hundreds.Dequeue();
                }
            }

            if (_hundreds.Count < About / 100)
            {
                return Longest;
            }

            TimeSpan span = time.GetUtcNow() - _hundreds.Peek();
            return span < Longest ? span : Longest;
        }
    }
}
