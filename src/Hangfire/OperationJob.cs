using System.Reflection;
using Hangfire;
using Hangfire.Common;
using Hangfire.Server;
using Hangfire.States;
using Microsoft.Extensions.Options;
using RealtimeOps.Execution;
using RealtimeOps.Feed;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>What Hangfire calls. Its jobs name this type and this method, so neither may be renamed while such jobs are stored.</summary>
internal sealed class OperationJob(
    OperationRunner runner,
    OperationJobs jobs,
    OperationFeed feed,
    RunningAttempts attempts,
    OperationTypes types,
    IOptions<ExecutionOptions> options,
    TimeProvider time,
    ILogger<OperationJob> logger)
{
    private static readonly MethodInfo Method = typeof(OperationJob).GetMethod(nameof(Run))!;

    public static Job For(OperationKey key, string queue) => new(typeof(OperationJob), Method, [key.ToString(), null!], queue);

    /// <summary>The operation that a job stands for; null for a job of another kind.</summary>
    public static OperationKey? KeyOf(Job? job) => job?.Type == typeof(OperationJob) ? Parse((string)job.Args[0]) : null;

    /// <summary>Runs the next attempt on Hangfire's thread, and leaves how the operation stands for <see cref="AttemptEndChanger"/>.</summary>
    [JobDisplayName("{0}")]
    public void Run(string operation, PerformContext context)
    {
        OperationKey key = Parse(operation);
        context.Items[JobEnd.Item] = RunAsync(key, context.BackgroundJob.Id).GetAwaiter().GetResult();
    }

    private static OperationKey Parse(string operation)
    {
        int slash = operation.IndexOf('/', StringComparison.Ordinal);
        return new OperationKey(operation[..slash], operation[(slash + 1)..]);
    }

    private async Task<JobEnd> RunAsync(OperationKey key, string jobId)
    {
        if (!jobs.MayRun(key))
        {
            // Hangfire's own scheduler was faster than the dispatcher, which waits for room.
            return new JobEnd(key, await FindAsync(key), Later("As many of this type run as may at once."));
        }

        bool counts = jobs.TryBegin(key, jobId);
        try
        {
            AttemptEnd end = await runner.RunAsync(key, jobs.Stopping);
            Operation? left = end.Operation ?? await FindAsync(key);
            if (end.Operation is null && left is not null && left.State.IsHeld() && attempts.Contains(key))
            {
                // A second run of what already runs here: the first one will say how it ends.
                throw new JobAbortedException();
            }

            string queue = types.TryFind(key.Type, out OperationType? type) ? type.Queue : EnqueuedState.DefaultQueue;
            return new JobEnd(key, left, JobStates.After(left, end.Failure, queue, time.GetUtcNow()));
        }
        catch (StoreUnavailableException)
        {
            // The batcher has said so.
            return new JobEnd(key, null, Later("The store cannot be written now."));
        }
        catch (Exception failure) when (failure is not JobAbortedException)
        {
            ExecutionLog.RunFailed(logger, failure, key);
            return new JobEnd(key, null, Later("Running it failed outside its handler; the server's log says more."));
        }
        finally
        {
            if (counts)
            {
                jobs.End(key);
            }
        }
    }

    private async Task<Operation?> FindAsync(OperationKey key) => (await feed.FindAsync(key, CancellationToken.None))?.Durable;

    private ScheduledState Later(string reason) => JobStates.NotBefore(time.GetUtcNow() + options.Value.SweepInterval, reason);
}

/// <summary>How a run left its operation, and the job's state that tells so; null for Hangfire's own.</summary>
internal sealed record JobEnd(OperationKey Key, Operation? Operation, IState? State)
{
    public const string Item = "RealtimeOps.End";
}
