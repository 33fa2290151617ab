using System.Buffers;

namespace RealtimeOps.Api.CsvProfile;

internal enum RecordOutcome
{
    /// <summary>The fields are there.</summary>
    Complete,

    /// <summary>The data end before the record does.</summary>
    Incomplete,

    /// <summary>The quotes make no sense; <see cref="RecordTokenizer.Fault"/> says why.</summary>
    Broken,
}

/// <summary>
/// Splits one record into fields as RFC 4180 says: a field in quotes may hold delimiters, line ends and doubled quotes.
/// Fields are positions in the caller's bytes; nothing is copied.
/// </summary>
/// <remarks>
/// CsvHelper splits as fast, but from a quote that is never closed it does not come back: it takes the rest of the file for one
/// record, or throws.
/// </remarks>
internal sealed class RecordTokenizer
{
    private const byte Quote = (byte)'"';
    private const string NoEnd = "the row is too long";

    private readonly byte delimiter;
    private readonly bool quoting;
    private readonly SearchValues<byte> stops;
    private Field[] fields = new Field[64];
    private string fault = "";
    private int faultyField;

    /// <param name="delimiter">What stands between fields.</param>
    /// <param name="quoting">Whether quotes mean anything; if not, a record is one physical line and never broken.</param>
    public RecordTokenizer(byte delimiter, bool quoting = true)
    {
        this.delimiter = delimiter;
        this.quoting = quoting;
        stops = SearchValues.Create([delimiter, LineEnd.LineFeed, LineEnd.CarriageReturn, quoting ? Quote : delimiter]);
    }

    public int FieldCount { get; private set; }

    /// <summary>Of a complete record: its bytes, with the line end.</summary>
    public int Length { get; private set; }

    /// <summary>Of a complete record: how many lines it takes; else how many line ends stand before <see cref="FaultAt"/>.</summary>
    public int Lines { get; private set; }

    /// <summary>Of a complete record: whether it is an empty line.</summary>
    public bool IsBlank { get; private set; }

    /// <summary>Why the record is broken or, if it is incomplete, what is wrong when no more of it comes.</summary>
    public string Fault => $"field {faultyField}: {fault}";

    /// <summary>Where the fault lies; the next physical line may be fine again.</summary>
    public int FaultAt { get; private set; }

    /// <summary>Reads the record at the start of <paramref name="data"/>.</summary>
    public RecordOutcome Read(ReadOnlySpan<byte> data, bool isFinal)
    {
        FieldCount = 0;
        Lines = 0;
        int start = 0;

        while (true)
        {
            bool quoted = quoting && start < data.Length && data[start] == Quote;
            int end = quoted ? ReadQuoted(data, start, isFinal) : ReadPlain(data, start, isFinal);
            if (end < 0)
            {
                return isFinal ? RecordOutcome.Broken : RecordOutcome.Incomplete;
            }

            if (end == data.Length)
            {
                return Complete(end, lineEnd: 0);
            }

            byte stop = data[end];
            if (stop == delimiter)
            {
                start = end + 1;
            }
            else if (stop is LineEnd.CarriageReturn or LineEnd.LineFeed)
            {
                int lineEnd = LineEnd.LengthAt(data[end..], isFinal);
                if (lineEnd == 0)
                {
                    SetFault(NoEnd, FieldCount, end);
                    return RecordOutcome.Incomplete;
                }

                return Complete(end, lineEnd);
            }
            else
            {
                SetFault(quoted ? "text after the closing quote" : "quote in a field that is not quoted", FieldCount, end);
                return RecordOutcome.Broken;
            }
        }
    }

    /// <summary>
    /// A field of the complete record at the start of <paramref name="data"/>. Doubled quotes are undone in place: a field
    /// can be asked for once.
    /// </summary>
    public ReadOnlySpan<byte> Value(Span<byte> data, int index)
    {
        ref readonly var field = ref fields[index];
        var value = data.Slice(field.Start, field.Length);
        return field.HasDoubledQuotes ? value[..UndoubleQuotes(value)] : value;
    }

    /// <summary>Returns where the field ends, or -1 when that is not in sight.</summary>
    private int ReadPlain(ReadOnlySpan<byte> data, int start, bool isFinal)
    {
        int length = data[start..].IndexOfAny(stops);
        if (length < 0)
        {
            if (!isFinal)
            {
                SetFault(NoEnd, FieldCount + 1, start);
                return -1;
            }

            length = data.Length - start;
        }

        Add(new Field(start, length, HasDoubledQuotes: false));
        return start + length;
    }

    /// <summary>Returns where the field ends, past the closing quote, or -1 when that is not in sight.</summary>
    private int ReadQuoted(ReadOnlySpan<byte> data, int start, bool isFinal)
    {
        bool hasDoubledQuotes = false;
        int end = start + 1;
        while (true)
        {
            int length = data[end..].IndexOf(Quote);
            end += length + 1;
            if (length < 0 || (end == data.Length && !isFinal))
            {
                SetFault("quote that is never closed", FieldCount + 1, start);
                return -1;
            }

            if (end == data.Length || data[end] != Quote)
            {
                break;
            }

            hasDoubledQuotes = true;
            end++;
        }

        var field = new Field(start + 1, end - start - 2, hasDoubledQuotes);
        Lines += LineEnd.CountIn(data.Slice(field.Start, field.Length));
        Add(field);
        return end;
    }

    private void Add(Field field)
    {
        if (FieldCount == fields.Length)
        {
            Array.Resize(ref fields, fields.Length * 2);
        }

        fields[FieldCount++] = field;
    }

    private RecordOutcome Complete(int end, int lineEnd)
    {
        Length = end + lineEnd;
        Lines++;
        IsBlank = end == 0;
        return RecordOutcome.Complete;
    }

    private void SetFault(string what, int field, int at)
    {
        fault = what;
        faultyField = field;
        FaultAt = at;
    }

    private static int UndoubleQuotes(Span<byte> value)
    {
        int to = 0;
        for (int from = 0; from < value.Length; from++)
        {
            value[to++] = value[from];
            if (value[from] == Quote)
            {
                from++;
            }
        }

        return to;
    }

    private readonly record struct Field(int Start, int Length, bool HasDoubledQuotes);
}
