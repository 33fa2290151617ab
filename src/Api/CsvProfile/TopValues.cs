namespace RealtimeOps.Api.CsvProfile;

/// <summary>
/// The ten values with the highest counts. A value is copied only at the moment it gets in, so that the counts themselves
/// can do with hashes. Of equal counts, the one that was reached first stays.
/// </summary>
internal sealed class TopValues
{
    private const int Size = 10;

    private readonly ulong[] hashes = new ulong[Size];
    private readonly long[] counts = new long[Size];
    private readonly Excerpt[] values = new Excerpt[Size];
    private int used;
    private long countToBeat;

    /// <param name="hash">Stands for the value.</param>
    /// <param name="count">How often it has been seen by now.</param>
    /// <param name="value">The value itself.</param>
    public void Offer(ulong hash, long count, ReadOnlySpan<byte> value)
    {
        if (count <= countToBeat)
        {
            return;
        }

        int index = hashes.AsSpan(0, used).IndexOf(hash);
        if (index < 0)
        {
            index = used < Size ? used++ : counts.IndexOf(countToBeat);
            hashes[index] = hash;
            values[index] ??= new Excerpt();
            values[index].Set(value);
        }

        bool wasLeast = counts[index] <= countToBeat;
        counts[index] = Math.Max(counts[index], count);
        if (wasLeast && used == Size)
        {
            countToBeat = counts.Min();
        }
    }

    public List<ValueCount> ToList() => Enumerable.Range(0, used)
        .Select(i => new ValueCount(values[i].ToString(), counts[i]))
        .OrderByDescending(top => top.Count).ThenBy(top => top.Value, StringComparer.Ordinal)
        .ToList();
}
