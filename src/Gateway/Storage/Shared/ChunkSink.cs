using System.Data.Common;

namespace RealtimeOps.Storage.Shared;

/// <summary>A payload on its way into rows of one chunk each. Until an operation names it, a row of its own says that nobody does.</summary>
internal sealed class ChunkSink(SharedDatabase database, DatabaseClock clock, string name, Action<Exception> onRefused) : PayloadSink(name, onRefused)
{
    private readonly byte[] _chunk = new byte[PayloadChunks.ChunkLength];
    private readonly string _name = name;
    private int _filled;
    private long _number;

    protected override async ValueTask BeginAsync(CancellationToken cancellationToken) =>
        await database.ExecuteAsync("INSERT INTO unnamed_payloads (payload, touched_at) VALUES (?1, ?2)", cancellationToken, _name, clock.Milliseconds);

    protected override async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            int taken = Math.Min(bytes.Length, _chunk.Length - _filled);
            bytes[..taken].CopyTo(_chunk.AsMemory(_filled));
            bytes = bytes[taken..];
            _filled += taken;
            if (_filled == _chunk.Length)
            {
                await WriteChunkAsync(cancellationToken);
            }
        }
    }

    protected override async ValueTask EndAsync()
    {
        if (_filled > 0)
        {
            await WriteChunkAsync(CancellationToken.None);
        }
    }

    protected override bool IsRefusal(Exception failure) => failure is DbException;

    private async Task WriteChunkAsync(CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(
            "INSERT INTO payload_chunks (payload, number, data) VALUES (?1, ?2, ?3)", cancellationToken, _name, _number++, _filled == _chunk.Length ? _chunk : _chunk[.._filled]);
        await database.ExecuteAsync("UPDATE unnamed_payloads SET touched_at = ?2 WHERE payload = ?1", cancellationToken, _name, clock.Milliseconds);
        _filled = 0;
    }

    public override async ValueTask DisposeAsync()
    {
        if (IsSpilled && !IsCompleted)
        {
            PayloadChunks.Release(database, _name, onRefused: null);
        }

        await base.DisposeAsync();
    }
}
