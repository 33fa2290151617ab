using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Xunit;

namespace RealtimeOps.E2ETests.Support;

/// <summary>A large CSV file that never exists: its rows are made while they are sent. Every id is another; the other columns repeat.</summary>
internal sealed class GeneratedCsv : HttpContent
{
    public const long FirstId = 1_000_000_000;

    private const int IdLength = 10;
    private const int RowsPerBlock = 10_000;

    private static readonly byte[] Header = "id,amount,day,text\n"u8.ToArray();
    private static readonly byte[] Rest = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, RowsPerBlock).Select(Row)));
    private static readonly int RowLength = Rest.Length / RowsPerBlock;

    private readonly long _rows;

    public GeneratedCsv(long rows)
    {
        _rows = rows;
        Headers.ContentType = new MediaTypeHeaderValue("text/csv");
    }

    public static long LengthOf(long rows) => Header.Length + (rows * RowLength);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        byte[] block = [.. Rest];
        await stream.WriteAsync(Header, TestContext.Current.CancellationToken);
        for (long row = 0; row < _rows; row += RowsPerBlock)
        {
            int count = (int)Math.Min(RowsPerBlock, _rows - row);
            for (int i = 0; i < count; i++)
            {
                Utf8Formatter.TryFormat(FirstId + row + i, block.AsSpan(i * RowLength, IdLength), out _);
            }

            await stream.WriteAsync(block.AsMemory(0, count * RowLength), TestContext.Current.CancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = LengthOf(_rows);
        return true;
    }

    /// <summary>All rows are equally long, so that an id can be put in its place.</summary>
    private static string Row(int number) => FormattableString.Invariant(
        $"{FirstId},{number % 9973 / 100.0 + 100:000.00},2026-{(number % 12) + 1:00}-{(number % 28) + 1:00},some text of row number {number:0000} in it\n");
}
