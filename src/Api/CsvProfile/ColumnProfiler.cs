using System.Text;

namespace RealtimeOps.Api.CsvProfile;

/// <summary>
/// Profiles one column. Its type is known only at the end, so everything that a type needs is kept for as long as all
/// values so far fit that type, and what text needs is kept always.
/// </summary>
/// <remarks>
/// Spaces around a number, date or boolean do not make it text; in all other respects they belong to the value, as RFC 4180
/// says.
/// </remarks>
internal sealed class ColumnProfiler(string name, MemoryBudget budget)
{
    private readonly ValueCounts values = new(budget);
    private readonly TextRange text = new();
    private Candidates candidates = Candidates.All;
    private NumericStatistics? numbers;
    private TemporalRange? times;
    private bool anyTrue;
    private bool anyFalse;
    private long count;
    private long empty;

    [Flags]
    private enum Candidates
    {
        None = 0,
        Integer = 1,
        Number = 2,
        Boolean = 4,
        Date = 8,
        DateTime = 16,
        All = Integer | Number | Boolean | Date | DateTime,
    }

    /// <summary>The narrowest type left.</summary>
    private ColumnType Type => count == 0 ? ColumnType.Text
        : Can(Candidates.Integer) ? ColumnType.Integer
        : Can(Candidates.Number) ? ColumnType.Number
        : Can(Candidates.Boolean) ? ColumnType.Boolean
        : Can(Candidates.Date) ? ColumnType.Date
        : Can(Candidates.DateTime) ? ColumnType.DateTime
        : ColumnType.Text;

    public void Add(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            empty++;
            return;
        }

        count++;
        ulong prefix = FieldText.Prefix(value);
        values.Add(value, FieldText.Hash(value, prefix));
        text.Add(value, prefix);
        if (candidates != Candidates.None)
        {
            Narrow(value.Trim((byte)' '));
        }
    }

    public ColumnProfile ToProfile()
    {
        var type = Type;
        var (min, max) = Range(type);
        var statistics = type is ColumnType.Integer or ColumnType.Number ? numbers : null;
        return new ColumnProfile(
            name, type, count, empty, values.Distinct, values.IsEstimate, min, max,
            statistics?.Mean, statistics?.StandardDeviation, statistics?.Quantiles, values.Top);
    }

    private (object? Min, object? Max) Range(ColumnType type) => type switch
    {
        _ when count == 0 => (null, null),
        ColumnType.Integer => (numbers!.MinInteger, numbers.MaxInteger),
        ColumnType.Number => (numbers!.Min, numbers.Max),
        ColumnType.Boolean => (anyFalse ? "false" : "true", anyTrue ? "true" : "false"),
        ColumnType.Date or ColumnType.DateTime => (times!.Min, times.Max),
        _ => (text.Min, text.Max),
    };

    private bool Can(Candidates candidate) => (candidates & candidate) != Candidates.None;

    /// <summary>Drops the types that the value does not fit, and keeps what the remaining ones need.</summary>
    private void Narrow(ReadOnlySpan<byte> value)
    {
        var fitting = Candidates.None;
        if (Can(Candidates.Number))
        {
            fitting |= AddNumber(value);
        }

        if (Can(Candidates.Boolean))
        {
            fitting |= AddBoolean(value);
        }

        if (Can(Candidates.Date | Candidates.DateTime))
        {
            fitting |= AddTime(value);
        }

        candidates &= fitting;
        numbers = Can(Candidates.Number) ? numbers : null;
        times = Can(Candidates.Date | Candidates.DateTime) ? times : null;
    }

    private Candidates AddNumber(ReadOnlySpan<byte> value)
    {
        var kind = NumberParser.Parse(value, out long integer, out double number);
        if (kind == NumberKind.None)
        {
            return Candidates.None;
        }

        numbers ??= new NumericStatistics();
        numbers.Add(number);
        if (kind == NumberKind.Number)
        {
            return Candidates.Number;
        }

        numbers.AddInteger(integer);
        return Candidates.Integer | Candidates.Number;
    }

    private Candidates AddBoolean(ReadOnlySpan<byte> value)
    {
        bool isTrue = Ascii.EqualsIgnoreCase(value, "true"u8);
        bool isFalse = Ascii.EqualsIgnoreCase(value, "false"u8);
        anyTrue |= isTrue;
        anyFalse |= isFalse;
        return isTrue || isFalse ? Candidates.Boolean : Candidates.None;
    }

    private Candidates AddTime(ReadOnlySpan<byte> value)
    {
        bool isDate = TemporalParser.TryParseDate(value, out long ticks);
        if (!isDate && !TemporalParser.TryParseDateTime(value, out ticks))
        {
            return Candidates.None;
        }

        times ??= new TemporalRange();
        times.Add(value, ticks);
        return isDate ? Candidates.Date : Candidates.DateTime;
    }
}
