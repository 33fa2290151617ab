using Microsoft.Extensions.Options;
using RealtimeOps.Execution;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>
/// Runs each operation as one Hangfire job. The dispatcher decides when, as for the in-process engine, and Hangfire does it: so limits and due times are
/// kept to the millisecond, without Hangfire's polling. Hangfire may forget a job or run it twice: the sweeper and the fence see to that.
/// </summary>
internal sealed class HangfireEngine : IExecutionEngine, IHostedService, IDisposable
{
    /// <summary>Jobs of one type that Hangfire holds at a time; the rest waits in the store.</summary>
    private const int MostJobs = 20_000;

    private readonly OperationJobs _jobs;
    private readonly JobServer _server;
    private readonly RunningAttempts _attempts;
    private readonly RecurringOperations _recurring;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ExecutionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly Dispatcher _dispatcher;

    public HangfireEngine(
        OperationJobs jobs,
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
        _jobs = jobs;
        _server = server;
        _attempts = attempts;
        _recurring = recurring;
        _lifetime = lifetime;
        _options = options.Value;
        _time = time;
        _loggers = loggers;
        _dispatcher = new Dispatcher(jobs.Start, int.MaxValue, MostJobs, types, store, _options.SweepInterval, time, loggers.CreateLogger<HangfireEngine>());
        jobs.Ended = _dispatcher.Release;
        jobs.LeftWaiting = operation => Enqueue(operation);
    }

    public bool Enqueue(WaitingOperation operation)
    {
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
    public Task StartAsync(CancellationToken cancellationToken)
    {
        ProcessLog.Open(_loggers);
        _jobs.Begin();
        _recurring.Announce();
        _lifetime.ApplicationStarted.Register(() =>
        {
            _server.Start();
            _dispatcher.Begin();
        });
        return Task.CompletedTask;
    }

    /// <summary>Asks all handlers to stop and waits for them, or for the grace to be over. What did not end is in the queue again.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _dispatcher.Stop();
        _server.SendStop();
        await _jobs.StopAsync();
        _attempts.StopAll(StopReason.ShuttingDown, _options.StopGrace);
        await _server.WaitAsync(cancellationToken);
        ProcessLog.Close(_loggers);
    }

    public void Dispose() => _dispatcher.Dispose();
}
