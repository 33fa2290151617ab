using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.InMemory;
using Hangfire.States;

namespace RealtimeOps.Hangfire;

/// <summary>
/// Hangfire's storage and what writes to it. All of it is the engine's own, and nothing is set for the whole process: a program may use Hangfire for other
/// things beside it. What memory forgets at a restart, the store of the operations still knows.
/// </summary>
internal sealed class EngineStorage : IDisposable
{
    private readonly InMemoryStorage _memory;

    public EngineStorage(TimeProvider time)
    {
        // Job ids of this kind are unique across restarts.
        _memory = new InMemoryStorage(new InMemoryStorageOptions { IdType = InMemoryStorageIdType.Guid });

        // Retries are the operation's, so Hangfire's own are left out with its other default filters.
        Filters = new JobFilterCollection();
        Filters.Add(new StatisticsHistoryAttribute());
        Filters.Add(new FinishedJobs(time));
        Factory = new BackgroundJobFactory(Filters);
        Changer = new BackgroundJobStateChanger(Filters);
        Client = new BackgroundJobClient(Jobs, Factory, Changer);
    }

    public JobStorage Jobs => _memory;

    public JobFilterCollection Filters { get; }

    public IBackgroundJobFactory Factory { get; }

    public IBackgroundJobStateChanger Changer { get; }

    /// <summary>Writes states as they are given.</summary>
    public IBackgroundJobClient Client { get; }

    public void Dispose() => _memory.Dispose();
}
