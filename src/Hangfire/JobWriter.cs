using System.Threading.Channels;
using Hangfire.Storage;

namespace RealtimeOps.Hangfire;

/// <summary>
/// Writes what happens to jobs: in order, away from those who tell, and many changes in one transaction, since Hangfire's storages make their callers wait
/// for each.
/// </summary>
internal sealed class JobWriter(EngineStorage storage, TimeProvider time, ILogger<JobWriter> logger) : IDisposable
{
    private const int MostAtOnce = 256;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Channel<JobChange> _changes = Channel.CreateUnbounded<JobChange>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private Task _writing = Task.CompletedTask;

    /// <summary>Has <paramref name="write"/> add to the next transaction, once more if that fails; then, when it is committed, calls <paramref name="committed"/>.</summary>
    public void Post(Action<JobBatch> write, Action? committed = null) => _changes.Writer.TryWrite(new JobChange(write, committed));

    public void Begin() => _writing = Task.Run(WriteAsync);

    /// <summary>Ends when all that was told is written, or the storage refuses it.</summary>
    public async Task StopAsync()
    {
        _changes.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _writing;
    }

    public void Dispose() => _stopping.Dispose();

    private async Task WriteAsync()
    {
        var changes = new List<JobChange>();
        while (await _changes.Reader.WaitToReadAsync())
        {
            while (changes.Count < MostAtOnce && _changes.Reader.TryRead(out JobChange change))
            {
                changes.Add(change);
            }

            await WriteAsync(changes);
            changes.Clear();
        }
    }

    private async Task WriteAsync(List<JobChange> changes)
    {
        bool warned = false;
        while (true)
        {
            try
            {
                Commit(changes);
                return;
            }
            catch (Exception failure)
            {
                // Whatever the storage has. The operations are in their store, but what Hangfire is not told it would never run.
                if (!warned)
                {
                    HangfireLog.JobsNotWritten(logger, failure, changes.Count);
                    warned = true;
                }

                await Task.Delay(Pause, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (_stopping.IsCancellationRequested)
                {
                    return;
                }
            }
        }
    }

    private void Commit(List<JobChange> changes)
    {
        using IStorageConnection connection = storage.Jobs.GetConnection();
        using IWriteOnlyTransaction transaction = connection.CreateWriteTransaction();
        var batch = new JobBatch(storage, connection, transaction, time.GetUtcNow().UtcDateTime);
        foreach (JobChange change in changes)
        {
            change.Write(batch);
        }

        transaction.Commit();
        foreach (JobChange change in changes)
        {
            change.Committed?.Invoke();
        }
    }

    private readonly record struct JobChange(Action<JobBatch> Write, Action? Committed);
}
