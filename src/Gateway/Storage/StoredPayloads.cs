using System.Security.Cryptography;
using RealtimeOps.Operations;

namespace RealtimeOps.Storage;

/// <summary>Payloads up to 256 KiB travel in the row; longer ones are written beside it before a row names them, once, and never changed.</summary>
internal abstract class StoredPayloads : IPayloadStore
{
    public const int LargestInRow = 256 * 1024;

    protected const int CopyBuffer = 128 * 1024;

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

        return await sink.CompleteAsync(mediaType);
    }

    public async Task<Payload> StageAsync(string mediaType, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        await using PayloadSink sink = NewSink();
        await write(sink, cancellationToken);
        return await sink.CompleteAsync(mediaType);
    }

    public ValueTask<Payload> StageAsync(string mediaType, byte[] content) =>
        content.Length <= LargestInRow
            ? ValueTask.FromResult(new Payload(mediaType, content.Length, content, File: null, SHA256.HashData(content)))
            : new ValueTask<Payload>(StageAsync(mediaType, new MemoryStream(content, writable: false), content.Length, CancellationToken.None));

    public Stream Open(Payload payload) => payload.File is { } file ? Open(file, payload.Length) : new MemoryStream(payload.Data!, writable: false);

    public void Discard(Payload payload)
    {
        if (payload.File is { } file)
        {
            Discard(file);
        }
    }

    /// <summary>What a committed write has left without a name.</summary>
    public abstract void Remove(IReadOnlyCollection<string> unnamed);

    protected abstract PayloadSink NewSink();

    protected abstract Stream Open(string file, long length);

    protected abstract void Discard(string file);
}
