namespace RealtimeOps.Api.CsvProfile;

/// <summary>Earliest and latest of the dates or date-times seen, as they were written.</summary>
internal sealed class TemporalRange
{
    private readonly Excerpt min = new();
    private readonly Excerpt max = new();
    private long minTicks = long.MaxValue;
    private long maxTicks = long.MinValue;

    public string Min => min.ToString();

    public string Max => max.ToString();

    public void Add(ReadOnlySpan<byte> value, long ticks)
    {
        if (ticks < minTicks)
        {
            minTicks = ticks;
            min.Set(value);
        }

        if (ticks > maxTicks)
        {
            maxTicks = ticks;
            max.Set(value);
        }
    }
}
