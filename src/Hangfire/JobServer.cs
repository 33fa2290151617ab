using Hangfire;
using Hangfire.Server;
using Microsoft.Extensions.Options;
using RealtimeOps.Execution;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>Hangfire's processing server: a worker for each named queue, which fetches the jobs of its types, one for what recurs, and Hangfire's schedulers.</summary>
internal sealed class JobServer(EngineStorage storage, OperationJobs jobs, OperationTypes types, JobRunner runner, IOptions<ExecutionOptions> options, IServiceProvider services) : IDisposable
{
    private BackgroundProcessingServer? _server;

    /// <summary>Begins to fetch: the jobs of this server's types, and of types that it no longer has, whose operations are to fail instead of waiting for ever.</summary>
    public void Start(IReadOnlyList<string> formerTypes)
    {
        int workers = options.Value.Workers;
        List<QueueRoom> rooms = [.. types.All.GroupBy(type => type.Queue, StringComparer.Ordinal).Select(queue => new QueueRoom(workers, queue.Select(type => (type.Name, type.Concurrency))))];
        if (formerTypes.Count > 0)
        {
            rooms.Add(new QueueRoom(workers, formerTypes.Select(type => (type, (int?)null))));
        }

        List<IBackgroundProcessDispatcherBuilder> processes =
        [
            .. rooms.Select(room => new QueueWorker(room, storage, jobs, runner).UseBackgroundPool(1)),
            new Worker([RecurringJob.Queue], new BackgroundJobPerformer(storage.Filters, new Activator(services)), storage.Changer).UseBackgroundPool(1),
            new DelayedJobScheduler(DelayedJobScheduler.DefaultPollingDelay, storage.Changer).UseBackgroundPool(1),
            new RecurringJobScheduler(storage.Factory, DelayedJobScheduler.DefaultPollingDelay, new DefaultTimeZoneResolver()).UseBackgroundPool(1),
        ];
        string[] fetched = [.. types.All.Select(type => type.Name).Concat(formerTypes).Select(OperationJob.QueueOf), RecurringJob.Queue];
        var properties = new Dictionary<string, object> { ["Queues"] = fetched, ["WorkerCount"] = workers * rooms.Count };
        _server = new BackgroundProcessingServer(storage.Jobs, processes, properties, new BackgroundProcessingServerOptions());
    }

    /// <summary>Nothing more is fetched.</summary>
    public void SendStop() => _server?.SendStop();

    /// <summary>Ends when all workers have, or when it is asked to.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (_server is { } server)
        {
            await server.WaitForShutdownAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _server?.Dispose();

    private sealed class Activator(IServiceProvider services) : JobActivator
    {
        public override object ActivateJob(Type jobType) => services.GetRequiredService(jobType);
    }
}
