namespace RealtimeOps.Storage.Sqlite;

/// <summary>Opens the embedded store before anything else of the gateway starts, and closes it after everything else has stopped.</summary>
internal sealed class SqliteStoreStarter(
    DataFolder folder,
    SqliteDatabase database,
    WriteBatcher<SqliteWriteSession> writer,
    SqliteReader reader,
    PayloadFiles files,
    ILogger<SqliteStoreStarter> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        folder.Acquire();
        database.Prepare();
        files.RemoveOrphans(file => reader.Query("SELECT 1 FROM inputs WHERE file = ?1 UNION ALL SELECT 1 FROM results WHERE file = ?1 LIMIT 1", row => row.Number(0), file).Count > 0);
        writer.Start();
        StorageLog.Opened(logger, folder.FullPath, SqliteDatabase.Schema);
        return Task.CompletedTask;
    }

    /// <summary>The container closes the parts in the order that they need: writer, reader, then the folder's lock.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
