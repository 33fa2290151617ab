using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.InMemory;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;

namespace RealtimeOps.Hangfire;

/// <summary>
/// Hangfire's storage and what writes to it. All of it is the engine's own, and nothing is set for the whole process: a program may use Hangfire for other
/// things beside it. What memory forgets at a restart, the store of the operations still knows.
/// </summary>
internal sealed class EngineStorage : IDisposable
{
    private readonly InMemoryStorage? _memory;

    public EngineStorage(IOptions<RealtimeOpsOptions> options, IConfiguration configuration, TimeProvider time, SharedJobs? shared = null)
    {
        // Job ids of this kind are unique across restarts.
        Jobs = shared?.Storage
            ?? (options.Value.Storage.Provider == "sqlserver" ? SqlServerJobs.Open(configuration) : _memory = new InMemoryStorage(new InMemoryStorageOptions { IdType = InMemoryStorageIdType.Guid }));
        IsShared = _memory is null;
        CreatesInTransaction = Jobs.HasFeature(JobStorageFeatures.Transaction.CreateJob);

        // Retries are the operation's, so Hangfire's own are left out with its other default filters.
        Filters = new JobFilterCollection();
        Filters.Add(new StatisticsHistoryAttribute());
        Filters.Add(new FinishedJobs(time));
        States = new StateMachine(Filters);
        Factory = new BackgroundJobFactory(Filters);
        Changer = new BackgroundJobStateChanger(Filters);
        Client = new BackgroundJobClient(Jobs, Factory, Changer);
    }

    public JobStorage Jobs { get; }

    /// <summary>Other nodes use it too, so a job may have been made, run or changed by one of them.</summary>
    public bool IsShared { get; }

    /// <summary>Jobs can be made in the transaction that gives them their state.</summary>
    public bool CreatesInTransaction { get; }

    public JobFilterCollection Filters { get; }

    public StateMachine States { get; }

    public IBackgroundJobFactory Factory { get; }

    public IBackgroundJobStateChanger Changer { get; }

    /// <summary>Writes states as they are given.</summary>
    public IBackgroundJobClient Client { get; }

    public void Dispose() => _memory?.Dispose();
}

/// <summary>A job storage that a program shares with others, in place of the one that its settings name.</summary>
internal sealed record SharedJobs(JobStorage Storage);
