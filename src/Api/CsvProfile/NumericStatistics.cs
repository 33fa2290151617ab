namespace RealtimeOps.Api.CsvProfile;

/// <summary>What is computed of a column while all its values are numbers; mean and deviation by Welford's method.</summary>
internal sealed class NumericStatistics
{
    private readonly QuantileSketch sketch = new();
    private long count;
    private double mean;
    private double squares;

    /// <summary>Least of the integers, kept apart because a double holds only those up to 2⁵³.</summary>
    public long MinInteger { get; private set; } = long.MaxValue;

    public long MaxInteger { get; private set; } = long.MinValue;

    public double Min { get; private set; } = double.PositiveInfinity;

    public double Max { get; private set; } = double.NegativeInfinity;

    /// <summary>None when the values are so great that their sum is no finite number.</summary>
    public double? Mean => Finite(mean);

    /// <summary>Of the sample (n - 1): none for a single value.</summary>
    public double? StandardDeviation => count < 2 ? null : Finite(Math.Sqrt(squares / (count - 1)));

    public Quantiles Quantiles
    {
        get
        {
            var q = sketch.At(0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99);
            return new Quantiles(q[0], q[1], q[2], q[3], q[4], q[5], q[6]);
        }
    }

    public void AddInteger(long value)
    {
        MinInteger = Math.Min(MinInteger, value);
        MaxInteger = Math.Max(MaxInteger, value);
    }

    public void Add(double value)
    {
        count++;
        double delta = value - mean;
        mean += delta / count;
        squares += delta * (value - mean);
        Min = Math.Min(Min, value);
        Max = Math.Max(Max, value);
        sketch.Add(value);
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
