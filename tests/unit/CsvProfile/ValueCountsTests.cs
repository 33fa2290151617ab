using System.Buffers.Binary;
using RealtimeOps.Api.CsvProfile;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.CsvProfile;

public sealed class ValueCountsTests
{
    private const long Plenty = 128 * 1024 * 1024;

    [Fact]
    public void Distinct_OneValuePastTheLimit_IsAnEstimateWithin3Percent()
    {
        var counts = new ValueCounts(new MemoryBudget(Plenty));
        for (int i = 0; i < ValueCounts.ExactLimit; i++)
        {
            Add(counts, i);
        }

        counts.IsEstimate.ShouldBeFalse();
        counts.Distinct.ShouldBe(ValueCounts.ExactLimit);

        Add(counts, -1);
        counts.IsEstimate.ShouldBeTrue();
        ((double)counts.Distinct).ShouldBe(ValueCounts.ExactLimit, ValueCounts.ExactLimit * 0.03);
    }

    [Fact]
    public void Distinct_SharedMemoryUsedUp_IsEstimatedEarlier()
    {
        var budget = new MemoryBudget(100_000);
        var counts = new ValueCounts(budget);
        for (int i = 0; i < 20_000; i++)
        {
            Add(counts, i);
        }

        counts.IsEstimate.ShouldBeTrue();
        ((double)counts.Distinct).ShouldBe(20_000, 20_000 * 0.03);
        budget.TryTake(100_000).ShouldBeTrue("what an estimate no longer needs goes back");
    }

    [Fact]
    public void Top_ValueThatBecomesFrequentLate_IsFoundAndNeverOverstated()
    {
        var counts = new ValueCounts(new MemoryBudget(Plenty));
        const int Rows = 1_000_000;
        const int Late = Rows - 50_000;
        for (int i = 0; i < Rows; i++)
        {
            Add(counts, i >= Late && i % 5 == 0 ? -1 : i);
        }

        var top = counts.Top[0];
        top.Value.ShouldBe(Text(-1));
        top.Count.ShouldBeInRange(8_000, 10_000);
    }

    [Fact]
    public void Top_FrequentValuesAmongManyRareOnes_AreFoundWithTheirExactCounts()
    {
        var frequent = Enumerable.Range(1, 40).SelectMany(rank => Enumerable.Repeat(-rank, 20_000 / rank));
        int[] values = [.. frequent, .. Enumerable.Range(0, 600_000)];
        new Random(3).Shuffle(values);
        var counts = new ValueCounts(new MemoryBudget(Plenty));
        foreach (int value in values)
        {
            Add(counts, value);
        }

        counts.IsEstimate.ShouldBeTrue();
        counts.Top.ShouldBe(Enumerable.Range(1, 10).Select(rank => new ValueCount(Text(-rank), 20_000 / rank)));
    }

    private static string Text(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return FieldText.Decode(bytes);
    }

    private static void Add(ValueCounts counts, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        counts.Add(bytes, FieldText.Hash(bytes, FieldText.Prefix(bytes)));
    }
}
