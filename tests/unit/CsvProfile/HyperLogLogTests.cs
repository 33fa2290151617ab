using System.Globalization;
using RealtimeOps.Api.CsvProfile;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.CsvProfile;

public sealed class HyperLogLogTests
{
    [Theory]
    [InlineData("D")]
    [InlineData("D12")]
    [InlineData("X8")]
    [InlineData("'customer-'0'@example.com'")]
    public void Estimate_UpToAMillionValues_IsWithin3Percent(string format)
    {
        var sketch = new HyperLogLog();
        sketch.Estimate().ShouldBe(0);
        int added = 0;
        Span<byte> value = stackalloc byte[64];

        foreach (int count in (int[])[1, 10, 100, 1_000, 10_000, 40_000, 100_000, 1_000_000])
        {
            for (; added < count; added++)
            {
                added.TryFormat(value, out int length, format, CultureInfo.InvariantCulture).ShouldBeTrue();
                sketch.Add(FieldText.Hash(value[..length], FieldText.Prefix(value[..length])));
            }

            ((double)sketch.Estimate()).ShouldBe(count, count * 0.03);
        }
    }

    [Fact]
    public void Estimate_ExtremeHashes_StaysFinite()
    {
        var sketch = new HyperLogLog();
        sketch.Add(0);
        sketch.Add(ulong.MaxValue);

        sketch.Estimate().ShouldBe(2);
    }
}
