using Hangfire.Server;
using Hangfire.States;
using Hangfire.Storage;

namespace RealtimeOps.Hangfire;

/// <summary>
/// Fetches the jobs of one named queue and has them run. Hangfire's own worker would keep a thread for each job until that has ended, and would write each of its states by itself; this one needs a
/// single thread, since attempts run on the thread pool.
/// </summary>
internal sealed class QueueWorker(QueueRoom room, EngineStorage storage, OperationJobs jobs, JobRunner runner) : IBackgroundProcess
{
    public void Execute(BackgroundProcessContext context)
    {
        string[] queues = room.Wait(context.StoppingToken, out CancellationToken more);
        IStorageConnection connection = context.Storage.GetConnection();
        FetchedJob? job = null;
        try
        {
            job = Fetch(context, connection, queues, more);
        }
        catch (OperationCanceledException) when (!context.IsStopping)
        {
            // There is room for more types now.
        }
        finally
        {
            if (job is null)
            {
                connection.Dispose();
            }
        }

        if (job is not null)
        {
            runner.Start(job, room.Take(job.Key.Type));
        }
    }

    private FetchedJob? Fetch(BackgroundProcessContext context, IStorageConnection connection, string[] queues, CancellationToken more)
    {
        using CancellationTokenSource? either = more.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(context.StoppingToken, more) : null;
        IFetchedJob fetched = connection.FetchNextJob(queues, either?.Token ?? context.StoppingToken);
        if (jobs.Recall(fetched.JobId) is { } known)
        {
            return new FetchedJob(fetched.JobId, known.Key, known.Job, EnqueuedState.StateName, context.ServerId, fetched, connection);
        }

        JobData? data = connection.GetJobData(fetched.JobId);
        if (OperationJob.KeyOf(data?.Job) is { } key)
        {
            return new FetchedJob(fetched.JobId, key, data!.Job, data.State, context.ServerId, fetched, connection);
        }

        // Expired, or none of the gateway's.
        using (fetched)
        {
            Exception? fault = data?.LoadException;
            storage.Client.ChangeState(fetched.JobId, new FailedState(fault ?? new NotSupportedException("This job stands for no operation.")), EnqueuedState.StateName);
            fetched.RemoveFromQueue();
        }

        return null;
    }
}
