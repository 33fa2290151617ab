namespace RealtimeOps.Api.CsvProfile;

/// <summary>A line ends with CRLF, LF or CR.</summary>
internal static class LineEnd
{
    public const byte CarriageReturn = (byte)'\r';
    public const byte LineFeed = (byte)'\n';

    public static int IndexIn(ReadOnlySpan<byte> data) => data.IndexOfAny(CarriageReturn, LineFeed);

    /// <summary>
    /// How many bytes the line end at the start of <paramref name="data"/> has; 0 when a CR comes last and an LF may follow.
    /// </summary>
    public static int LengthAt(ReadOnlySpan<byte> data, bool isFinal) => data switch
    {
        [CarriageReturn, LineFeed, ..] => 2,
        [CarriageReturn] when !isFinal => 0,
        _ => 1,
    };

    public static int CountIn(ReadOnlySpan<byte> data)
    {
        int count = 0;
        for (int index = IndexIn(data); index >= 0; index = IndexIn(data))
        {
            count++;
            data = data[index..];
            data = data[LengthAt(data, isFinal: true)..];
        }

        return count;
    }
}
