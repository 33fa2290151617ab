using Microsoft.Extensions.Options;
using RealtimeOps.Execution;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>
/// Runs each operation as one Hangfire job. The dispatcher knows when it is due, to the millisecond and without Hangfire's polling; Hangfire's queues then spread the work over the nodes, and each
/// takes what it has room for. Hangfire may forget a job or hand it out twice: the sweeper and the claim see to that.
/// </summary>
internal sealed class HangfireEngine : IExecutionEngine, IHostedService, IDisposable
{
    /// <summary>Jobs of one type that this node has in Hangfire at a time, for each worker: enough to keep the workers busy. The rest waits where callers take turns; Hangfire knows none.</summary>
    private const int JobsPerWorker = 5;

    /// <summary>Where several nodes share the jobs: what one does not hand over in time another does too, and some operations have two jobs, of which one is refused.</summary>
    private const int SharedJobsPerWorker = 100;

    private readonly EngineStorage _storage;
    private readonly OperationJobs _jobs;
    private readonly JobWriter _writer;
    private readonly JobRunner _runner;
    private readonly JobServer _server;
    private readonly RunningAttempts _attempts;
    private readonly RecurringOperations _recurring;
    private readonly IOperationStore _store;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ExecutionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly Dispatcher _dispatcher;
    private readonly OperationTypes _types;
    private Task _releasing = Task.CompletedTask;

    public HangfireEngine(
        EngineStorage storage,
        OperationJobs jobs,
        JobWriter writer,
        JobRunner runner,
        JobServer server,
        OperationTypes types,
        RunningAttempts attempts,
        RecurringOperations recurring,
        IOperationStore store,
        IHostApplicationLifetime lifetime,
        IOptions<ExecutionOptions> options,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        _storage = storage;
        _jobs = jobs;
        _writer = writer;
        _runner = runner;
        _types = types;
        _server = server;
        _attempts = attempts;
        _recurring = recurring;
        _store = store;
        _lifetime = lifetime;
        _options = options.Value;
        _time = time;
        _loggers = loggers;
        _dispatcher = new Dispatcher(jobs.Start, int.MaxValue, _options.Workers * (storage.IsShared ? SharedJobsPerWorker : JobsPerWorker), types, store, _options.SweepInterval, time, loggers.CreateLogger<HangfireEngine>());
        jobs.Ended = _dispatcher.Release;
        jobs.LeftWaiting = operation => Enqueue(operation);
    }

    public bool Enqueue(WaitingOperation operation)
    {
        if (_storage.IsShared && !_types.TryFind(operation.Key.Type, out _))
        {
            // Another node may know what it is.
            return true;
        }

        if (operation.DueAt > _time.GetUtcNow())
        {
            _jobs.Schedule(operation);
        }

        return _dispatcher.Enqueue(operation);
    }

    public void Cancel(OperationKey key)
    {
        _attempts.Cancel(key);
        _jobs.Cancel(key);
    }

    public int? QueuePosition(OperationKey key) => _jobs.Position(key, inDispatcher: _dispatcher.Position(key));

    /// <summary>Nothing runs before the server listens: one that cannot must not begin work only to drop it.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Only what was left by an earlier start can be of a type that this one does not know; where other nodes are, one of them may.
        string[] formerTypes = _storage.IsShared ? [] : [.. (await _store.ListWaitingOwnersAsync(DateTimeOffset.MaxValue, cancellationToken)).Select(waiting => waiting.Type).Distinct().Where(type => !_types.TryFind(type, out _))];
        ProcessLog.Open(_loggers);
        _writer.Begin();
        _recurring.Announce();
        _lifetime.ApplicationStarted.Register(() =>
        {
            _server.Start(formerTypes);
            _dispatcher.Begin();
            if (_storage.IsShared || _store.IsShared)
            {
                _releasing = ReleaseForeignAsync(_jobs.Stopping);
            }
        });
    }

    /// <summary>Asks all handlers to stop and waits for them, or for the grace to be over. What did not end is in the queue again.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _dispatcher.Stop();
        _server.SendStop();
        await _jobs.StopAsync();
        _attempts.StopAll(StopReason.ShuttingDown, _options.StopGrace);
        await _server.WaitAsync(cancellationToken);
        await Task.WhenAll(_runner.WaitAsync(), _releasing).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _writer.StopAsync();
        ProcessLog.Close(_loggers);
    }

    public void Dispose() => _dispatcher.Dispose();

    private async Task ReleaseForeignAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(_options.SweepInterval, _time);
        while (await timer.WaitForNextTickAsync(stopping).AsTask().ContinueWith(static tick => tick.IsCompletedSuccessfully && tick.Result, TaskScheduler.Default))
        {
            try
            {
                await _jobs.ReleaseForeignAsync(stopping);
            }
            catch (Exception failure) when (failure is StoreUnavailableException or OperationCanceledException)
            {
                // The batcher has said so; it is tried again.
            }
        }
    }
}
