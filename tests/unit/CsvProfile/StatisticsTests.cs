using System.Globalization;
using RealtimeOps.Api.CsvProfile;
using Shouldly;
using Xunit;
using static RealtimeOps.UnitTests.CsvProfile.Profiling;

namespace RealtimeOps.UnitTests.CsvProfile;

public sealed class StatisticsTests
{
    [Fact]
    public async Task ProfileAsync_IntegerColumn_HasMeanSampleDeviationAndInterpolatedQuantiles()
    {
        var column = await ProfileColumnAsync("2", "4", "", "4", "4", "5", "5", "7", "9");

        column.Count.ShouldBe(8);
        column.Empty.ShouldBe(1);
        column.Mean.ShouldBe(5);
        column.StandardDeviation!.Value.ShouldBe(Math.Sqrt(32.0 / 7), 1e-12);
        column.Quantiles!.P50.ShouldBe(4.5);
        column.Quantiles.P75.ShouldBe(5.5);
    }

    [Fact]
    public async Task ProfileAsync_SingleNumber_HasNoDeviation()
    {
        var column = await ProfileColumnAsync("0.1");

        column.StandardDeviation.ShouldBeNull();
        column.Quantiles.ShouldBe(new Quantiles(0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1));
    }

    [Fact]
    public async Task ProfileAsync_LargeOffset_DeviationDoesNotCancelOut()
    {
        var column = await ProfileColumnAsync("1000000000.1", "1000000000.2", "1000000000.3");

        column.StandardDeviation!.Value.ShouldBe(0.1, 1e-6);
    }

    [Fact]
    public async Task ProfileAsync_SumsBeyondADouble_AreLeftOutAndStillSerialize()
    {
        var profile = await ProfileAsync("n\n-1.7e308\n1.7e308\n1.7e308\n");

        profile.Columns[0].Quantiles!.P25.ShouldBe(0);
        profile.Columns[0].StandardDeviation.ShouldBeNull();
        ToJson(profile).ShouldContain("\"max\":1.7E+308");
    }

    [Fact]
    public async Task ProfileAsync_TypedAsSpelled_DistinctAndTopDoNotNormalize()
    {
        var column = await ProfileColumnAsync("1", "1.0", "01", "1", " 1");

        column.Distinct.ShouldBe(4);
        column.Top[0].ShouldBe(new ValueCount("1", 2));
    }

    [Fact]
    public async Task ProfileAsync_MoreThanTenValuesEquallyFrequent_TopAreThoseThatCameFirst()
    {
        var column = await ProfileColumnAsync("zyxwvutsrqponm".Select(letter => letter.ToString()));

        column.Top.ShouldBe("qrstuvwxyz".Select(letter => new ValueCount(letter.ToString(), 1)));
    }

    [Fact]
    public async Task ProfileAsync_LongValues_AreCutInTopMinAndMax()
    {
        string long1 = new string('a', 5000) + "1";
        string long2 = new string('a', 5000) + "2";
        string wide = 'b' + string.Concat(Enumerable.Repeat("😀", 3000));

        var column = await ProfileColumnAsync(long1, long2, long2, wide);

        column.Distinct.ShouldBe(3);
        column.Top[0].ShouldBe(new ValueCount(new string('a', 200) + "…", 2));
        column.Min.ShouldBe(new string('a', 200) + "…");
        column.Max.ShouldBe('b' + string.Concat(Enumerable.Repeat("😀", 99)) + "…");
    }

    [Fact]
    public async Task ProfileAsync_UpTo100000Values_DistinctAndTopAreExact()
    {
        var random = new Random(7);
        var values = Enumerable.Range(0, ValueCounts.ExactLimit)
            .SelectMany(i => Enumerable.Repeat($"v{i}", i % 9999 == 5 ? 2 + i / 9999 : 1))
            .ToArray();
        random.Shuffle(values);

        var column = await ProfileColumnAsync(values);

        column.Distinct.ShouldBe(ValueCounts.ExactLimit);
        column.DistinctEstimated.ShouldBeFalse();
        column.Top.ShouldBe(values.CountBy(value => value).OrderByDescending(entry => entry.Value).Take(10)
            .Select(entry => new ValueCount(entry.Key, entry.Value)));
    }

    [Fact]
    public async Task ProfileAsync_MoreValuesThanCountedExactly_EstimatesAndStillFindsFrequentOnes()
    {
        const int Rows = 400_000;
        var values = Enumerable.Range(0, Rows).Select(i => (i % 100) switch
        {
            0 => "one in a hundred",
            1 when i % 500 == 1 => "one in five hundred",
            _ => i.ToString(CultureInfo.InvariantCulture),
        });

        var column = await ProfileColumnAsync(values);

        column.DistinctEstimated.ShouldBeTrue();
        ((double)column.Distinct).ShouldBe(Rows * 0.988, Rows * 0.03);
        column.Top[0].ShouldBe(new ValueCount("one in a hundred", Rows / 100));
        column.Top[1].ShouldBe(new ValueCount("one in five hundred", Rows / 500));
        column.Top[2].Count.ShouldBe(1);
    }
}
