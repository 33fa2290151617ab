using System.Data.Common;

namespace RealtimeOps.Storage.Shared;

/// <summary>Large payloads as rows of the database, which every server reaches. They are written outside of the batches, and removed a portion at a time.</summary>
internal sealed class PayloadChunks(SharedDatabase database, AdoReader reader, DatabaseClock clock, ILogger<PayloadChunks> logger) : StoredPayloads
{
    public const int ChunkLength = 256 * 1024;

    private const int Portion = 64;

    /// <summary>Nobody is a day between two chunks, or between the last one and the operation.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>The removing write has said so in its own transaction, and the sweep finds it.</summary>
    public override void Remove(IReadOnlyCollection<string> unnamed)
    {
    }

    /// <summary>Removes what no row names any more, or never did.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        List<string> unnamed = await reader.QueryAsync(
            "SELECT payload FROM unnamed_payloads WHERE touched_at <= ?1 ORDER BY touched_at LIMIT ?2", row => row.Text(0), cancellationToken,
            (clock.GetUtcNow() - LongestWait).ToUnixTimeMilliseconds(), Portion);
        foreach (string payload in unnamed)
        {
            long next = 0;
            while (await database.ExecuteAsync("DELETE FROM payload_chunks WHERE payload = ?1 AND number >= ?2 AND number < ?3", cancellationToken, payload, next, next + Portion) == Portion)
            {
                next += Portion;
            }

            await database.ExecuteAsync("DELETE FROM unnamed_payloads WHERE payload = ?1", cancellationToken, payload);
        }
    }

    /// <summary>Lets the next sweep take it, unless an operation has named it.</summary>
    public static void Release(SharedDatabase database, string payload, Action<Exception>? onRefused)
    {
        try
        {
            database.Execute("UPDATE unnamed_payloads SET touched_at = 0 WHERE payload = ?1", payload);
        }
        catch (DbException failure)
        {
            // Then the sweep takes it when it is old enough.
            onRefused?.Invoke(failure);
        }
    }

    protected override PayloadSink NewSink() => new ChunkSink(database, clock, Guid.CreateVersion7().ToString("n"), failure => StorageLog.PayloadFailed(logger, failure));

    protected override Stream Open(string file, long length) => new ChunkStream(reader, file, length);

    protected override void Discard(string file) => Release(database, file, failure => StorageLog.RemoveFailed(logger, failure, file));
}
