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
        IFetchedJob? fetched = null;
        bool isHandedOn = false;
        try
        {
            fetched = Fetch(context, connection, queues, more);
            if (Recognize(context, connection, fetched) is { } job)
            {
                runner.Start(job, room.Take(job.Key.Type));
                isHandedOn = true;
            }
        }
        catch (OperationCanceledException) when (!context.IsStopping)
        {
            // There is room for more types now.
        }
        finally
        {
            if (!isHandedOn)
            {
                using (connection)
                {
                    fetched?.Dispose();
                }
            }
        }
    }

    private static IFetchedJob Fetch(BackgroundProcessContext context, IStorageConnection connection, string[] queues, CancellationToken more)
    {
        using CancellationTokenSource? either = more.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(context.StoppingToken, more) : null;
        return connection.FetchNextJob(queues, either?.Token ?? context.StoppingToken);
    }

    /// <summary>Null for a job that stands for no operation: it is done with.</summary>
    private FetchedJob? Recognize(BackgroundProcessContext context, IStorageConnection connection, IFetchedJob fetched)
    {
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
        Exception? fault = data?.LoadException;
        storage.Client.ChangeState(fetched.JobId, new FailedState(fault ?? new NotSupportedException("This job stands for no operation.")), EnqueuedState.StateName);
        fetched.RemoveFromQueue();
        return null;
    }
}
