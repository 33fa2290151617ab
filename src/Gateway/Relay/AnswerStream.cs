namespace RealtimeOps.Relay;

/// <summary>The body of an answer of which the beginning was read already, from the beginning; tells whenever something comes, and may limit how long its lines are.</summary>
internal sealed class AnswerStream(ReadOnlyMemory<byte> beginning, Stream rest, Action heard, LineLimit? limit = null) : Stream
{
    private ReadOnlyMemory<byte> _beginning = beginning;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = Math.Min(buffer.Length, _beginning.Length);
        if (read > 0)
        {
            _beginning[..read].CopyTo(buffer);
            _beginning = _beginning[read..];
            limit?.Count(buffer.Span[..read]);
            return read;
        }

        read = await rest.ReadAsync(buffer, cancellationToken);
        heard();
        limit?.Count(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
