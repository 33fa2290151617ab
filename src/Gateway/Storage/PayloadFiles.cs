using System.Security.Cryptography;
using RealtimeOps.Operations;

namespace RealtimeOps.Storage;

/// <summary>
/// Payloads up to 256 KiB travel in the row; longer ones are files, synced to disk before a row names them. A file is written
/// once and never changed.
/// </summary>
internal sealed class PayloadFiles(DataFolder folder, ILogger<PayloadFiles> logger) : IPayloadStore
{
    public const int LargestInRow = 256 * 1024;

    private const int CopyBuffer = 128 * 1024;

    public async Task<Payload> StageAsync(string mediaType, Stream content, long limit, CancellationToken cancellationToken)
    {
        await using PayloadSink sink = NewSink();
        byte[] buffer = new byte[CopyBuffer];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (sink.Length + read > limit)
            {
                throw new PayloadTooLargeException(limit);
            }

            await sink.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return await FinishAsync(mediaType, sink);
    }

    public async Task<Payload> StageAsync(string mediaType, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        await using PayloadSink sink = NewSink();
        await write(sink, cancellationToken);
        return await FinishAsync(mediaType, sink);
    }

    public ValueTask<Payload> StageAsync(string mediaType, byte[] content) =>
        content.Length <= LargestInRow
            ? ValueTask.FromResult(new Payload(mediaType, content.Length, content, File: null, SHA256.HashData(content)))
            : new ValueTask<Payload>(StageAsync(mediaType, new MemoryStream(content, writable: false), content.Length, CancellationToken.None));

    public Stream Open(Payload payload) =>
        payload.File is { } file
            ? new FileStream(PathOf(file), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, CopyBuffer, FileOptions.Asynchronous | FileOptions.SequentialScan)
            : new MemoryStream(payload.Data!, writable: false);

    public void Discard(Payload payload)
    {
        if (payload.File is { } file)
        {
            Remove(file);
        }
    }

    public void Remove(string file)
    {
        try
        {
            File.Delete(PathOf(file));
        }
        catch (IOException failure)
        {
            StorageLog.RemoveFailed(logger, failure, file);
        }
    }

    /// <summary>Removes files that were staged for something that was never accepted.</summary>
    public void RemoveOrphans(Func<string, bool> isNamed)
    {
        int removed = 0;
        foreach (string path in Directory.EnumerateFiles(folder.Payloads, "*", SearchOption.AllDirectories))
        {
            string file = Path.GetFileName(path);
            if (!isNamed(file))
            {
                Remove(file);
                removed++;
            }
        }

        if (removed > 0)
        {
            StorageLog.OrphansRemoved(logger, removed);
        }
    }

    private static async Task<Payload> FinishAsync(string mediaType, PayloadSink sink)
    {
        await sink.CompleteAsync();
        return new Payload(mediaType, sink.Length, sink.InMemory, sink.InMemory is null ? Path.GetFileName(sink.Path) : null, sink.Sha256);
    }

    private PayloadSink NewSink() => new(PathOf(Guid.CreateVersion7().ToString("n")), failure => StorageLog.PayloadFailed(logger, failure));

    /// <summary>Spread over folders by the random end of the name, so that none holds too many.</summary>
    private string PathOf(string file) => Path.Combine(folder.Payloads, file[^2..], file);
}
