using RealtimeOps.Api.CsvProfile;
using Shouldly;
using Xunit;
using static RealtimeOps.UnitTests.CsvProfile.Profiling;

namespace RealtimeOps.UnitTests.CsvProfile;

public sealed class ColumnTypeTests
{
    [Theory]
    [InlineData("Integer", "0", "-17", "+4", "9223372036854775807", "-9223372036854775808")]
    [InlineData("Integer", "", "3", "")]
    [InlineData("Integer", " 3", "4 ")]
    [InlineData("Number", "1", "2.5")]
    [InlineData("Number", "9223372036854775808")]
    [InlineData("Number", ".5", "5.", "-1e-3", "6.02E23", "0.1000000000000000055511151231257827")]
    [InlineData("Text", "1", "x")]
    [InlineData("Text", "NaN")]
    [InlineData("Text", "Infinity")]
    [InlineData("Text", "-∞")]
    [InlineData("Text", "1e999")]
    [InlineData("Text", "1,000")]
    [InlineData("Text", "1_000")]
    [InlineData("Text", "0x1F")]
    [InlineData("Text", "-")]
    [InlineData("Text", ".")]
    [InlineData("Text", "1.2.3")]
    [InlineData("Text", "1-2")]
    [InlineData("Text", "1e")]
    [InlineData("Text", " ")]
    [InlineData("Boolean", "true", "FALSE", "False")]
    [InlineData("Text", "true", "yes")]
    [InlineData("Text", "true", "1")]
    [InlineData("Date", "2024-02-29", "0001-01-01", "9999-12-31")]
    [InlineData("Text", "2023-02-29")]
    [InlineData("Text", "0000-01-01")]
    [InlineData("Text", "2024-13-01")]
    [InlineData("Text", "2024-1-1")]
    [InlineData("Text", "2024/01/01")]
    [InlineData("Text", "2024-01-01", "2024-01-01T00:00:00")]
    [InlineData("DateTime", "2024-01-01T10:00", "2024-01-01 23:59:59", "2024-01-01T10:00:00.1234567891Z", "2024-01-01T10:00:00,5+02:00")]
    [InlineData("DateTime", "2024-01-01T10:00-0330", "2024-01-01T10:00+14", "0001-01-01T00:00+14:00")]
    [InlineData("Text", "2024-01-01T24:00")]
    [InlineData("Text", "2024-01-01T10:60")]
    [InlineData("Text", "2024-01-01T10")]
    [InlineData("Text", "2024-01-01T10:00:")]
    [InlineData("Text", "2024-01-01T10:00:00.")]
    [InlineData("Text", "2024-01-01T10:00:00Zulu")]
    [InlineData("Text", "2024-01-01T10:00+2")]
    [InlineData("Text", "2024-01-01T10:00+02x00")]
    [InlineData("Text", "2024-01-01T10:00+02:0")]
    [InlineData("Text", "", "")]
    public async Task ProfileAsync_Values_GiveTheNarrowestType(string type, params string[] values)
    {
        var column = await ProfileColumnAsync(values);

        column.Type.ShouldBe(Enum.Parse<ColumnType>(type));
    }

    [Theory]
    [InlineData("9007199254740993", "-9007199254740993")]
    [InlineData("9223372036854775807", "-9223372036854775808")]
    public async Task ProfileAsync_IntegersBeyondADouble_MinAndMaxStayExact(string max, string min)
    {
        var profile = await ProfileAsync($"n\n{max}\n{min}\n0\n");

        ToJson(profile).ShouldContain($"\"min\":{min},\"max\":{max},");
    }

    [Theory]
    [InlineData(-2.5, 1e20, "1", "-2.5", "100000000000000000000")]
    [InlineData(0.1, 0.3, "0.3", "0.1", "0.10")]
    public async Task ProfileAsync_Numbers_AreOrderedAsNumbers(double min, double max, params string[] values)
    {
        var column = await ProfileColumnAsync(values);

        column.Min.ShouldBe(min);
        column.Max.ShouldBe(max);
    }

    [Theory]
    [InlineData("false", "true", "TRUE", "False")]
    [InlineData("true", "true", "true", "True")]
    [InlineData("2023-12-31", "2024-01-02", "2024-01-02", "2023-12-31", "2024-01-01")]
    [InlineData("2024-01-01T12:00+02:00", "2024-01-01T11:00Z", "2024-01-01T11:00Z", "2024-01-01T12:00+02:00")]
    [InlineData("10", "b", "b", "9", "10", "B")]
    [InlineData("Z", "z", "a", "z", "Z")]
    [InlineData("abcdefgh", "abcdefghij", "abcdefghi", "abcdefgh", "abcdefghij")]
    [InlineData("a", "é", "a", "b", "é", "z")]
    public async Task ProfileAsync_OtherTypes_MinAndMaxAreTextInTheTypesOrder(string min, string max, params string[] values)
    {
        var column = await ProfileColumnAsync(values);

        column.Min.ShouldBe(min);
        column.Max.ShouldBe(max);
    }

    [Fact]
    public async Task ProfileAsync_TextAfterManyNumbers_TextRangeCoversTheNumbersToo()
    {
        var column = await ProfileColumnAsync([.. Enumerable.Range(100, 900).Select(i => $"{i}"), "x"]);

        column.Type.ShouldBe(ColumnType.Text);
        (column.Min, column.Max).ShouldBe(("100", "x"));
        (column.Mean, column.StandardDeviation, column.Quantiles).ShouldBe((null, null, null));
    }
}
