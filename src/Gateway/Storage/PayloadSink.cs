using System.Security.Cryptography;
using RealtimeOps.Operations;

namespace RealtimeOps.Storage;

/// <summary>Takes a payload's bytes: in memory while it is small, then beside the row. Not completed means not kept.</summary>
/// <param name="name">The store's name of what stands beside the row.</param>
/// <param name="onRefused">Told when the store cannot be written.</param>
internal abstract class PayloadSink(string name, Action<Exception> onRefused) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private MemoryStream? _memory = new();
    private long _length;

    public override long Length => _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <summary>Whole and durable.</summary>
    protected bool IsCompleted { get; private set; }

    protected bool IsSpilled => _memory is null;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            if (_memory is { } memory && _length + buffer.Length > StoredPayloads.LargestInRow)
            {
                _memory = null;
                await BeginAsync(cancellationToken);
                await AppendAsync(memory.GetBuffer().AsMemory(0, (int)memory.Length), cancellationToken);
            }

            await (_memory?.WriteAsync(buffer, cancellationToken) ?? AppendAsync(buffer, cancellationToken));
        }
        catch (Exception failure) when (IsRefusal(failure))
        {
            throw Refused(failure);
        }

        _hash.AppendData(buffer.Span);
        _length += buffer.Length;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public async Task<Payload> CompleteAsync(string mediaType)
    {
        if (IsSpilled)
        {
            try
            {
                await EndAsync();
            }
            catch (Exception failure) when (IsRefusal(failure))
            {
                throw Refused(failure);
            }
        }

        IsCompleted = true;
        return new Payload(mediaType, _length, _memory?.ToArray(), IsSpilled ? name : null, _hash.GetHashAndReset());
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>It has become too long for the row.</summary>
    protected abstract ValueTask BeginAsync(CancellationToken cancellationToken);

    protected abstract ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>All of it is durable when this has ended.</summary>
    protected abstract ValueTask EndAsync();

    /// <summary>Whether the store is what refuses, and not a fault of this program.</summary>
    protected abstract bool IsRefusal(Exception failure);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>That is the store's trouble, not the producer's.</summary>
    private StoreUnavailableException Refused(Exception failure)
    {
        onRefused(failure);
        return new StoreUnavailableException("The store cannot be written now: " + failure.Message, failure);
    }
}
