using Hangfire;
using Hangfire.Server;
using Microsoft.Extensions.Options;
using RealtimeOps.Execution;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>Hangfire's processing server: workers for each queue, and its schedulers.</summary>
internal sealed class JobServer(EngineStorage storage, AttemptEndChanger changer, OperationTypes types, IOptions<ExecutionOptions> options, IServiceProvider services) : IDisposable
{
    private BackgroundProcessingServer? _server;

    public void Start()
    {
        string[] queues = [.. types.All.Select(type => type.Queue).Append("default").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        int workers = options.Value.Workers;
        var performer = new BackgroundJobPerformer(storage.Filters, new Activator(services));
        List<IBackgroundProcessDispatcherBuilder> processes =
        [
            .. queues.Select(queue => new Worker([queue], performer, changer).UseBackgroundPool(workers)),
            new DelayedJobScheduler(DelayedJobScheduler.DefaultPollingDelay, storage.Changer).UseBackgroundPool(1),
            new RecurringJobScheduler(storage.Factory, DelayedJobScheduler.DefaultPollingDelay, new DefaultTimeZoneResolver()).UseBackgroundPool(1),
        ];
        var properties = new Dictionary<string, object> { ["Queues"] = queues, ["WorkerCount"] = workers * queues.Length };
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
