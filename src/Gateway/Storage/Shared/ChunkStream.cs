namespace RealtimeOps.Storage.Shared;

/// <summary>Reads a payload chunk by chunk, from any place.</summary>
internal sealed class ChunkStream(AdoReader reader, string name, long length) : Stream
{
    private byte[] _chunk = [];
    private long _number = -1;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= length || buffer.Length == 0)
        {
            return 0;
        }

        long number = Position / PayloadChunks.ChunkLength;
        if (number != _number)
        {
            List<byte[]> found = await reader.QueryAsync("SELECT data FROM payload_chunks WHERE payload = ?1 AND number = ?2", row => row.Bytes(0), cancellationToken, name, number);
            _chunk = found is [var chunk] ? chunk : throw new FileNotFoundException($"The payload {name} has no chunk {number}.");
            _number = number;
        }

        int at = (int)(Position % PayloadChunks.ChunkLength);
        int count = Math.Min(buffer.Length, _chunk.Length - at);
        _chunk.AsMemory(at, count).CopyTo(buffer);
        Position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => Position,
        _ => length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
