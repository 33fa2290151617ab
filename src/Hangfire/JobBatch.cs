using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace RealtimeOps.Hangfire;

/// <summary>Changes of jobs that are committed together. They are not checked against the jobs' present states: whoever makes one holds the operation, or has looked.</summary>
internal sealed class JobBatch(EngineStorage storage, IStorageConnection connection, IWriteOnlyTransaction transaction, DateTime now, bool isRepeated)
{
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(30);

    public IStorageConnection Connection => connection;

    /// <summary>It was tried before: what is remembered of the jobs may never have been written.</summary>
    public bool IsRepeated => isRepeated;

    public IWriteOnlyTransaction Transaction => transaction;

    /// <summary>Answers the new job's id.</summary>
    public string Create(Job job, IState state)
    {
        var parameters = new Dictionary<string, string>();
        string id = storage.CreatesInTransaction
            ? ((JobStorageTransaction)transaction).CreateJob(job, parameters, now, AbandonedAfter)
            : connection.CreateExpiredJob(job, parameters, now, AbandonedAfter);
        Change(id, job, from: null, state);
        return id;
    }

    public void Change(string id, Job job, string? from, IState to) =>
        storage.States.ApplyState(new ApplyStateContext(storage.Jobs, connection, transaction, new BackgroundJob(id, job, now), to, from));

    public string? StateOf(string id) => connection.GetStateData(id)?.Name;

    /// <summary>Whether the job was put into its queue longer ago than that.</summary>
    public bool IsQueuedLongerThan(TimeSpan span, string id) =>
        connection.GetStateData(id) is { } state
        && state.Name == EnqueuedState.StateName
        && state.Data.TryGetValue("EnqueuedAt", out string? since)
        && now - JobHelper.DeserializeDateTime(since) > span;
}
