using System.Text;
using System.Text.Unicode;

namespace RealtimeOps.Api.CsvProfile;

/// <summary>
/// The file's bytes as UTF-8. A UTF-16 byte order mark has the file transcoded; anything else passes as it is, and who
/// reads it copes with bytes that are no UTF-8.
/// </summary>
internal sealed class Utf8Source
{
    /// <summary>The most that one read takes, hence the longest way between two looks at the cancellation token.</summary>
    public const int MaxReadBytes = 256 * 1024;

    private const int ReportEveryBytes = 64 * 1024;

    private readonly Stream stream;
    private readonly Action<long> onBytes;
    private readonly Decoder? utf16;
    private readonly byte[] raw = [];
    private readonly char[] chars = [];
    private ReadOnlyMemory<byte> pending;
    private long total;
    private long reported;

    private Utf8Source(Stream stream, byte[] head, Action<long> onBytes)
    {
        this.stream = stream;
        this.onBytes = onBytes;
        total = head.Length;

        (EncodingName, utf16) = head switch
        {
            [0xFF, 0xFE] => ("utf-16le", Encoding.Unicode.GetDecoder()),
            [0xFE, 0xFF] => ("utf-16be", Encoding.BigEndianUnicode.GetDecoder()),
            _ => ("utf-8", null),
        };

        if (utf16 is null)
        {
            pending = head;
        }
        else
        {
            raw = new byte[ReportEveryBytes];
            chars = new char[Encoding.Unicode.GetMaxCharCount(raw.Length)];
        }
    }

    public string EncodingName { get; }

    public static async Task<Utf8Source> OpenAsync(Stream stream, Action<long> onBytes, CancellationToken cancellationToken)
    {
        // Two bytes tell UTF-16; the longer mark of UTF-8 may stay in the text and is recognized there.
        var head = new byte[2];
        int read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        return new Utf8Source(stream, head[..read], onBytes);
    }

    /// <summary>Reads until <paramref name="minimum"/> bytes are there; fewer mean that the file has ended.</summary>
    public async ValueTask<int> ReadAtLeastAsync(Memory<byte> destination, int minimum, CancellationToken cancellationToken)
    {
        int filled = 0;
        while (filled < minimum)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int read = await ReadAsync(destination[filled..], cancellationToken);
            if (read == 0)
            {
                Report();
                break;
            }

            filled += read;
            if (total - reported >= ReportEveryBytes)
            {
                Report();
            }
        }

        return filled;
    }

    private async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (!pending.IsEmpty)
        {
            int length = pending.Length;
            pending.CopyTo(destination);
            pending = default;
            return length;
        }

        if (utf16 is not null)
        {
            return await TranscodeAsync(utf16, destination, cancellationToken);
        }

        int read = await stream.ReadAsync(destination[..Math.Min(destination.Length, MaxReadBytes)], cancellationToken);
        total += read;
        return read;
    }

    private async ValueTask<int> TranscodeAsync(Decoder decoder, Memory<byte> destination, CancellationToken cancellationToken)
    {
        // Half a character may decode to nothing yet, and nothing would look like the end.
        int written = 0;
        int read = -1;
        while (written == 0 && read != 0)
        {
            // Two bytes become three at most, and the decoder may still hold two units' worth.
            int take = Math.Min(raw.Length, (destination.Length / 3 - 2) * 2);
            read = await stream.ReadAsync(raw.AsMemory(0, take), cancellationToken);
            total += read;
            int decoded = decoder.GetChars(raw.AsSpan(0, read), chars, flush: read == 0);
            Utf8.FromUtf16(chars.AsSpan(0, decoded), destination.Span, out _, out written);
        }

        return written;
    }

    private void Report()
    {
        reported = total;
        onBytes(total);
    }
}
