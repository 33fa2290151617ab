using Hangfire.States;
using Microsoft.Extensions.Options;
using RealtimeOps.Execution;
using RealtimeOps.Feed;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>Runs the next attempt of a job's operation, and has the job's state follow. Hangfire may hand out a job twice, or two jobs of one operation: the claim lets one of them run.</summary>
internal sealed class JobRunner(
    OperationRunner runner,
    OperationJobs jobs,
    OperationFeed feed,
    IOptions<ExecutionOptions> options,
    TimeProvider time,
    ILogger<JobRunner> logger)
{
    private readonly HashSet<Task> _runs = [];
    private readonly Lock _gate = new();

    /// <summary>Runs it on the thread pool.</summary>
    public void Start(FetchedJob job, QueueRoom.Place place)
    {
        Task run = Task.Run(() => RunAsync(job, place));
        lock (_gate)
        {
            _runs.Add(run);
        }

        _ = run.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Ends when all runs have.</summary>
    public Task WaitAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll([.. _runs]);
        }
    }

    private void Forget(Task run)
    {
        lock (_gate)
        {
            _runs.Remove(run);
        }
    }

    private async Task RunAsync(FetchedJob job, QueueRoom.Place place)
    {
        bool hasBegun = false;
        try
        {
            AttemptEnd end = await runner.RunAsync(
                job.Key,
                jobs.Stopping,
                claimed: started =>
                {
                    hasBegun = true;
                    jobs.Begin(job, started);
                },
                handled: place.LeaveWorker);
            Operation? left = end.Operation ?? (await feed.FindAsync(job.Key, CancellationToken.None))?.Durable;
            if (!hasBegun)
            {
                jobs.Refuse(job, left);
            }
            else if (end.Operation is null && left is { } other && !other.State.IsFinal())
            {
                // It lost its hold: whoever has it now tells how it goes on.
                jobs.End(job, left, state: null);
            }
            else
            {
                jobs.End(job, left, JobStates.After(left, end.Failure, time.GetUtcNow()));
            }
        }
        catch (StoreUnavailableException)
        {
            // The batcher has said so.
            Postpone(job, hasBegun, "The store cannot be written now.");
        }
        catch (Exception failure)
        {
            ExecutionLog.RunFailed(logger, failure, job.Key);
            Postpone(job, hasBegun, "Running it failed outside its handler; the server's log says more.");
        }
        finally
        {
            place.Leave();
        }
    }

    private void Postpone(FetchedJob job, bool hasBegun, string reason)
    {
        ScheduledState later = JobStates.NotBefore(time.GetUtcNow() + options.Value.SweepInterval, reason);
        if (hasBegun)
        {
            jobs.End(job, left: null, later);
        }
        else
        {
            jobs.Postpone(job, later);
        }
    }
}
