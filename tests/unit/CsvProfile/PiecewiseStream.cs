namespace RealtimeOps.UnitTests.CsvProfile;

/// <summary>Gives its bytes in pieces of 1 to 7, like the worst of networks.</summary>
internal sealed class PiecewiseStream(byte[] bytes, int seed) : MemoryStream(bytes)
{
    private readonly Random random = new(seed);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(1, 8))], cancellationToken);
}
