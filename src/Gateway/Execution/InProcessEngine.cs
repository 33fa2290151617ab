using Microsoft.Extensions.Options;
using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>Runs operations on this node's thread pool. Keeps nothing that the store does not know.</summary>
internal sealed class InProcessEngine : IExecutionEngine, IHostedService, IDisposable
{
    private readonly OperationRunner _runner;
    private readonly RunningAttempts _attempts;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ExecutionOptions _options;
    private readonly ILogger _logger;
    private readonly Dispatcher _dispatcher;
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _runs = [];
    private readonly CancellationTokenSource _stopping = new();

    public InProcessEngine(
        OperationRunner runner,
        OperationTypes types,
        RunningAttempts attempts,
        IOperationStore store,
        IHostApplicationLifetime lifetime,
        IOptions<ExecutionOptions> options,
        TimeProvider time,
        ILogger<InProcessEngine> logger)
    {
        _runner = runner;
        _attempts = attempts;
        _lifetime = lifetime;
        _options = options.Value;
        _logger = logger;
        _dispatcher = new Dispatcher(Start, _options.Workers, mostOfType: null, types, store, _options.SweepInterval, time, logger);
    }

    public bool Enqueue(WaitingOperation operation) => _dispatcher.Enqueue(operation);

    public void Cancel(OperationKey key) => _attempts.Cancel(key);

    public int? QueuePosition(OperationKey key) => _dispatcher.Position(key);

    /// <summary>Nothing runs before the server listens: one that cannot must not begin work only to drop it.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _lifetime.ApplicationStarted.Register(_dispatcher.Begin);
        return Task.CompletedTask;
    }

    /// <summary>Asks all handlers to stop and waits for them, or for the grace to be over. What did not end is in the queue again.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _dispatcher.Stop();
        Task[] runs;
        lock (_gate)
        {
            runs = [.. _runs];
        }

        await _stopping.CancelAsync();
        _attempts.StopAll(StopReason.ShuttingDown, _options.StopGrace);
        await Task.WhenAll(runs).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _dispatcher.Dispose();
        _stopping.Dispose();
    }

    private void Start(WaitingOperation operation)
    {
        Task run = Task.Run(() => RunAsync(operation.Key));
        lock (_gate)
        {
            _runs.Add(run);
        }

        _ = run.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Forget(Task run)
    {
        lock (_gate)
        {
            _runs.Remove(run);
        }
    }

    private async Task RunAsync(OperationKey key)
    {
        Operation? left = null;
        try
        {
            left = (await _runner.RunAsync(key, _stopping.Token)).Operation;
        }
        catch (StoreUnavailableException)
        {
            // The batcher has said so; the operation waits in the store, and the sweeper brings it again.
        }
        catch (Exception failure)
        {
            ExecutionLog.RunFailed(_logger, failure, key);
        }

        _dispatcher.Release(key);
        if (left is { } waits && waits.State.IsWaiting())
        {
            Enqueue(WaitingOperation.Of(waits));
        }
    }
}
