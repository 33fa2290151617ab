using System.Text.Unicode;

namespace RealtimeOps.Api.CsvProfile;

/// <summary>
/// Takes the file piece by piece: the first row names the columns, the good rows go to the columns' profiles, and the bad
/// rows are reported and otherwise left out, because nobody can say which of their values belongs to which column.
/// </summary>
/// <remarks>
/// After a fault (a stray quote, one that is never closed, a record longer than <see cref="MaxRecordBytes"/>) reading goes on
/// with the physical line after the one where the fault lies. So a single stray quote costs a line, and not the rest of the file.
/// </remarks>
internal sealed class TableProfiler(byte delimiter)
{
    public const int MaxRecordBytes = 1024 * 1024;

    /// <summary>Further columns are not profiled, which the first bad row says.</summary>
    public const int MaxColumns = 4096;

    private const int MaxReported = 20;
    private const long SharedBytes = 128 * 1024 * 1024;

    private readonly RecordTokenizer tokenizer = new(delimiter);
    private readonly List<BadRow> badRows = [];
    private ColumnProfiler[]? columns;
    private int expectedFields;
    private long rows;
    private long badCount;
    private long line = 1;
    private bool skippingLine;
    private bool hasInvalidUtf8;

    /// <summary>Takes all complete records at the start of <paramref name="data"/> and returns how many bytes they have.</summary>
    public int Consume(Span<byte> data, bool isFinal)
    {
        int position = 0;
        while (position < data.Length)
        {
            var rest = data[position..];
            int taken = skippingLine ? SkipLine(rest, isFinal) : TakeRecord(rest, isFinal);
            if (taken == 0)
            {
                break;
            }

            position += taken;
        }

        return position;
    }

    public CsvProfile ToProfile(string encoding) => new(
        rows,
        new BadRows(badCount, badRows),
        ((char)delimiter).ToString(),
        hasInvalidUtf8 ? $"{encoding}, invalid bytes read as iso-8859-1" : encoding,
        columns?.Select(column => column.ToProfile()).ToList() ?? []);

    private int TakeRecord(Span<byte> data, bool isFinal)
    {
        // The limit counts from the record's start, wherever the buffer happens to end, so that the answer is the same
        // however the bytes arrive.
        var window = data.Length > MaxRecordBytes ? data[..MaxRecordBytes] : data;
        bool isLast = isFinal && window.Length == data.Length;

        var outcome = tokenizer.Read(window, isLast);
        if (outcome == RecordOutcome.Incomplete && window.Length < MaxRecordBytes)
        {
            return 0;
        }

        if (outcome != RecordOutcome.Complete)
        {
            return TakeBrokenRecord(data, window, isFinal);
        }

        window = window[..tokenizer.Length];
        hasInvalidUtf8 = hasInvalidUtf8 || !Utf8.IsValid(window);
        if (!tokenizer.IsBlank)
        {
            TakeFields(tokenizer, window);
        }

        line += tokenizer.Lines;
        return window.Length;
    }

    private int TakeBrokenRecord(Span<byte> data, Span<byte> window, bool isFinal)
    {
        if (columns is null)
        {
            if (!isFinal && window.Length < MaxRecordBytes && LineEnd.IndexIn(window) < 0)
            {
                return 0;
            }

            // Without a header there would be no profile, and an inch sign in a name is no reason for that.
            var unquoted = new RecordTokenizer(delimiter, quoting: false);
            unquoted.Read(window, isFinal: true);
            TakeFields(unquoted, window);
        }
        else
        {
            rows++;
        }

        Report(tokenizer.Fault);
        line += tokenizer.Lines;
        skippingLine = true;
        return tokenizer.FaultAt + SkipLine(data[tokenizer.FaultAt..], isFinal);
    }

    private void TakeFields(RecordTokenizer fields, Span<byte> record)
    {
        if (columns is null)
        {
            expectedFields = fields.FieldCount;
            columns = ToColumns(fields, record);
            return;
        }

        rows++;
        if (fields.FieldCount != expectedFields)
        {
            Report($"expected {expectedFields} fields, found {fields.FieldCount}");
            return;
        }

        for (int i = 0; i < columns.Length; i++)
        {
            columns[i].Add(fields.Value(record, i));
        }
    }

    private ColumnProfiler[] ToColumns(RecordTokenizer fields, Span<byte> record)
    {
        if (fields.FieldCount > MaxColumns)
        {
            Report($"{fields.FieldCount} columns, of which only the first {MaxColumns} are profiled");
        }

        var names = new HeaderNames();
        var budget = new MemoryBudget(SharedBytes);
        var header = new ColumnProfiler[Math.Min(fields.FieldCount, MaxColumns)];
        for (int i = 0; i < header.Length; i++)
        {
            header[i] = new ColumnProfiler(names.Add(fields.Value(record, i)), budget);
        }

        return header;
    }

    private int SkipLine(ReadOnlySpan<byte> data, bool isFinal)
    {
        int end = LineEnd.IndexIn(data);
        if (end < 0)
        {
            return data.Length;
        }

        int lineEnd = LineEnd.LengthAt(data[end..], isFinal);
        if (lineEnd > 0)
        {
            line++;
            skippingLine = false;
        }

        return end + lineEnd;
    }

    private void Report(string reason)
    {
        badCount++;
        if (badRows.Count < MaxReported)
        {
            badRows.Add(new BadRow(line, reason));
        }
    }
}
