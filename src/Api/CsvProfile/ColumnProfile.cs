namespace RealtimeOps.Api.CsvProfile;

/// <summary>What is known of one column. <c>Count + Empty</c> is the number of good rows.</summary>
/// <param name="Name">The header's name, made unique.</param>
/// <param name="Type">The narrowest type that every value fits.</param>
/// <param name="Count">Values that are not empty.</param>
/// <param name="Empty">Empty values.</param>
/// <param name="Distinct">How many different values there are, counted as they are spelled (1 and 1.0 are two).</param>
/// <param name="DistinctEstimated">Whether <paramref name="Distinct"/> is an estimate (standard error 0.8 %).</param>
/// <param name="Min">
/// The least value: a <see cref="long"/> or <see cref="double"/> in numeric columns, else a string. Text is ordered by
/// code point and cut like the values of <paramref name="Top"/>; date-times are ordered in time, one without an offset as UTC.
/// </param>
/// <param name="Max">The greatest value, in the same way.</param>
/// <param name="Mean">The mean of a numeric column.</param>
/// <param name="StandardDeviation">The sample standard deviation (n - 1) of a numeric column of at least two values.</param>
/// <param name="Quantiles">The quantiles of a numeric column, see <see cref="QuantileSketch"/>.</param>
/// <param name="Top">The most frequent values, see <see cref="ValueCounts"/>; long ones are cut and end in an ellipsis.</param>
internal sealed record ColumnProfile(
    string Name,
    ColumnType Type,
    long Count,
    long Empty,
    long Distinct,
    bool DistinctEstimated,
    object? Min,
    object? Max,
    double? Mean,
    double? StandardDeviation,
    Quantiles? Quantiles,
    IReadOnlyList<ValueCount> Top);

/// <summary>Quantiles, interpolated linearly between neighbours, as spreadsheets and statistics packages do.</summary>
internal sealed record Quantiles(double P01, double P05, double P25, double P50, double P75, double P95, double P99);

internal sealed record ValueCount(string Value, long Count);
