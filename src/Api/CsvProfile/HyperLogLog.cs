using System.Numerics;

namespace RealtimeOps.Api.CsvProfile;

/// <summary>
/// Estimates how many different hashes were added, from 16 KiB: Flajolet's registers with Ertl's estimator ("New
/// cardinality estimation algorithms for HyperLogLog sketches", 2017), which has no bias at any size. Standard error 0.8 %.
/// </summary>
internal sealed class HyperLogLog
{
    private const int IndexBits = 14;
    private const int Registers = 1 << IndexBits;
    private const int MaxRank = 64 - IndexBits + 1;

    private readonly byte[] ranks = new byte[Registers];

    public void Add(ulong hash)
    {
        int index = (int)(hash >> (64 - IndexBits));

        // The bit set below the hash's own stops the count at MaxRank.
        byte rank = (byte)(BitOperations.LeadingZeroCount((hash << IndexBits) | (1UL << (IndexBits - 1))) + 1);
        if (rank > ranks[index])
        {
            ranks[index] = rank;
        }
    }

    public long Estimate()
    {
        Span<int> histogram = stackalloc int[MaxRank + 1];
        foreach (byte rank in ranks)
        {
            histogram[rank]++;
        }

        double sum = Registers * Tau(1 - (double)histogram[MaxRank] / Registers);
        for (int rank = MaxRank - 1; rank >= 1; rank--)
        {
            sum = (sum + histogram[rank]) / 2;
        }

        sum += Registers * Sigma((double)histogram[0] / Registers);
        return (long)Math.Round((double)Registers * Registers / (2 * Math.Log(2) * sum));
    }

    /// <summary>The share of registers that are still zero, corrected for small counts.</summary>
    private static double Sigma(double x)
    {
        if (x >= 1)
        {
            return double.PositiveInfinity;
        }

        double sum = x;
        double before;
        double weight = 1;
        do
        {
            x *= x;
            before = sum;
            sum += x * weight;
            weight += weight;
        }
        while (sum > before);

        return sum;
    }

    /// <summary>The share of registers that are full, corrected for large counts.</summary>
    private static double Tau(double x)
    {
        if (x is 0 or 1)
        {
            return 0;
        }

        double sum = 1 - x;
        double before;
        double weight = 1;
        do
        {
            x = Math.Sqrt(x);
            before = sum;
            weight /= 2;
            sum -= (1 - x) * (1 - x) * weight;
        }
        while (sum < before);

        return sum / 3;
    }
}
