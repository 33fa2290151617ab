using RealtimeOps.Storage.Sql;

namespace RealtimeOps.Storage;

/// <summary>Opens the store before anything else of the gateway starts, and closes it after everything else has stopped.</summary>
internal sealed class StoreStarter(StorageProvider storage, WriteBatcher<SqlSession> writer, SubscriptionStore subscriptions, ILogger<StoreStarter> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        (string place, int schema) = await storage.PrepareAsync(cancellationToken);
        await subscriptions.RefreshAsync(cancellationToken);
        writer.Start();
        StorageLog.Opened(logger, place, schema);
    }

    /// <summary>The container closes the parts in the order that they need: the writer, then what it writes to.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
