using System.Buffers;

namespace RealtimeOps.Api.CsvProfile;

/// <summary>
/// Profiles a CSV file in one pass, forward only.
/// </summary>
/// <remarks>
/// Memory does not grow with the number of rows. It is bounded by 1.5 MiB of buffers, about 160 KiB a column (at most
/// <see cref="TableProfiler.MaxColumns"/> of them), and 128 MiB that all columns share for exact counts of distinct values: a
/// thousand columns of nothing but different numbers hold less than 300 MiB, and what awaits collection beside that.
/// </remarks>
internal static class CsvProfiler
{
    private const int SampleBytes = 64 * 1024;
    private const int BufferBytes = TableProfiler.MaxRecordBytes + Utf8Source.MaxReadBytes;

    private static ReadOnlySpan<byte> Utf8Bom => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads <paramref name="csv"/> to its end and says what is in it; whatever is in it, this is no error.</summary>
    /// <param name="csv">The file; it is not disposed.</param>
    /// <param name="onBytes">Told how many bytes have been read so far, every 64 to 256 KiB and at the end.</param>
    /// <param name="cancellationToken">Observed at least every 256 KiB.</param>
    public static async Task<CsvProfile> ProfileAsync(Stream csv, Action<long> onBytes, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            return await ProfileAsync(csv, onBytes, buffer.AsMemory(0, BufferBytes), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<CsvProfile> ProfileAsync(
        Stream csv, Action<long> onBytes, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var source = await Utf8Source.OpenAsync(csv, onBytes, cancellationToken);
        int filled = await source.ReadAtLeastAsync(buffer, SampleBytes, cancellationToken);
        bool ended = filled < SampleBytes;
        int consumed = buffer.Span[..filled].StartsWith(Utf8Bom) ? Utf8Bom.Length : 0;

        // The sample has one size, however the bytes arrive, so that the same file always gets the same answer.
        var delimiter = DelimiterSniffer.Sniff(buffer.Span[consumed..Math.Min(filled, SampleBytes)], isWhole: ended);
        var table = new TableProfiler(delimiter);

        while (true)
        {
            consumed += table.Consume(buffer.Span[consumed..filled], ended);
            if (ended)
            {
                break;
            }

            int rest = filled - consumed;
            buffer[consumed..filled].CopyTo(buffer);

            // A record that is not complete is tokenized again from its start: asking for as much again as is there
            // keeps that linear, however small the pieces in which the stream delivers.
            int wanted = Math.Clamp(rest, 1, Utf8Source.MaxReadBytes / 2);
            int read = await source.ReadAtLeastAsync(buffer[rest..], wanted, cancellationToken);
            ended = read < wanted;
            filled = rest + read;
            consumed = 0;
        }

        return table.ToProfile(source.EncodingName);
    }
}
