using RealtimeOps.Api.CsvProfile;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.CsvProfile;

public sealed class QuantileSketchTests
{
    private static readonly double[] Fractions = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1025)]
    [InlineData(10_000)]
    public void At_UpTo10000Values_IsExact(int count)
    {
        var values = Enumerable.Range(0, count).Select(i => i * 0.5).ToArray();
        new Random(1).Shuffle(values);
        var sketch = new QuantileSketch();
        foreach (double value in values)
        {
            sketch.Add(value);
        }

        var quantiles = sketch.At(Fractions);

        for (int i = 0; i < Fractions.Length; i++)
        {
            quantiles[i].ShouldBe(Fractions[i] * (count - 1) * 0.5, 1e-9);
        }
    }

    [Theory]
    [InlineData("ascending", 100_000)]
    [InlineData("ascending", 3_000_000)]
    [InlineData("descending", 3_000_000)]
    [InlineData("shuffled", 20_000)]
    [InlineData("shuffled", 3_000_000)]
    [InlineData("outside in", 3_000_000)]
    [InlineData("periodic", 3_000_000)]
    public void At_ManyValues_RankIsWithin1Percent(string order, int count)
    {
        // The values are a permutation of the ranks, so that an answer is its own rank.
        var sketch = new QuantileSketch();
        var shuffled = order == "shuffled" ? Enumerable.Range(0, count).ToArray() : [];
        new Random(2).Shuffle(shuffled);
        for (int i = 0; i < count; i++)
        {
            sketch.Add(order switch
            {
                "ascending" => i,
                "descending" => count - 1 - i,
                "shuffled" => shuffled[i],
                "outside in" => i % 2 == 0 ? i / 2 : count - 1 - i / 2,
                _ => (long)i * 1024 % (count - 1),
            });
        }

        var quantiles = sketch.At(Fractions);

        for (int i = 0; i < Fractions.Length; i++)
        {
            (quantiles[i] / count).ShouldBe(Fractions[i], 0.01);
        }
    }
}
