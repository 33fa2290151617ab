using RealtimeOps.Api.CsvProfile;
using Shouldly;
using Xunit;
using static RealtimeOps.UnitTests.CsvProfile.Profiling;

namespace RealtimeOps.UnitTests.CsvProfile;

public sealed class BadRowTests
{
    [Fact]
    public async Task ProfileAsync_RaggedRows_AreReportedAndNotProfiled()
    {
        var profile = await ProfileAsync("a,b\n1,2\n3\n4,5,6\n7,8\n");

        profile.Rows.ShouldBe(4);
        profile.BadRows.Count.ShouldBe(2);
        profile.BadRows.First.ShouldBe([
            new BadRow(3, "expected 2 fields, found 1"),
            new BadRow(4, "expected 2 fields, found 3")]);
        profile.Columns[0].Top.Select(top => top.Value).ShouldBe(["1", "7"]);
    }

    [Theory]
    [InlineData("x,5\" pipe", "field 2: quote in a field that is not quoted")]
    [InlineData("\"x\" ,y", "field 1: text after the closing quote")]
    [InlineData("x,\"y\"z\"", "field 2: text after the closing quote")]
    [InlineData("x,\"y", "field 2: quote that is never closed")]
    public async Task ProfileAsync_BrokenQuotes_CostOneLine(string row, string reason)
    {
        var profile = await ProfileAsync($"a,b\n1,2\n{row}\n3,4\n");

        profile.Rows.ShouldBe(3);
        profile.BadRows.Count.ShouldBe(1);
        profile.BadRows.First.ShouldBe([new BadRow(3, reason)]);
        profile.Columns[0].Top.Select(top => top.Value).ShouldBe(["1", "3"]);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task ProfileAsync_RowsOverSeveralLines_LineIsThePhysicalOneWhereTheRowStarts(string lineEnd)
    {
        string csv = """
            a,b

            "one
            two
            three",1
            x
            "four
            five",x"y
            z

            "six
            seven",1,2
            """;
        var profile = await ProfileAsync(csv.ReplaceLineEndings(lineEnd));

        profile.BadRows.First.Select(bad => bad.Line).ShouldBe([6, 7, 9, 11]);
        profile.Columns[0].Top.ShouldHaveSingleItem().Value.ShouldBe($"one{lineEnd}two{lineEnd}three");
    }

    [Fact]
    public async Task ProfileAsync_ManyBadRows_CountsAllAndShowsTheFirst()
    {
        var profile = await ProfileAsync("a,b\n" + string.Concat(Enumerable.Repeat("1\n2,3\n", 500)));

        profile.Rows.ShouldBe(1000);
        profile.BadRows.Count.ShouldBe(500);
        profile.BadRows.First.Count.ShouldBe(20);
        profile.BadRows.First[^1].Line.ShouldBe(40);
    }

    [Theory]
    [InlineData("a,\"b\n1,2\n3,4\n")]
    [InlineData("a,b\"\n1,2\n3,4\n")]
    public async Task ProfileAsync_BrokenHeader_IsReportedAndStillNamesTheColumns(string csv)
    {
        var profile = await ProfileAsync(csv);

        profile.BadRows.First.ShouldHaveSingleItem().Line.ShouldBe(1);
        profile.Rows.ShouldBe(2);
        profile.Columns.Count.ShouldBe(2);
        profile.Columns[0].Name.ShouldBe("a");
        profile.Columns[1].Max.ShouldBe(4L);
    }

    [Fact]
    public async Task ProfileAsync_QuoteThatIsNeverClosed_DoesNotSwallowTheRestOfALongFile()
    {
        const int Rows = 150_000;
        string rows = string.Concat(Enumerable.Range(0, Rows).Select(i => $"{i},x\n"));
        var profile = await ProfileAsync($"a,b\n\"lost,y\n{rows}\"lost,z\n{rows}");

        profile.Rows.ShouldBe(2 * Rows + 2);
        profile.BadRows.First.ShouldBe([
            new BadRow(2, "field 1: quote that is never closed"),
            new BadRow(Rows + 3, "field 1: quote that is never closed")]);
        profile.Columns[0].Count.ShouldBe(2 * Rows);
    }

    [Fact]
    public async Task ProfileAsync_RowLongerThan1MiB_IsSkippedToItsLineEnd()
    {
        string tooLong = string.Concat(Enumerable.Repeat("0123456789,", 300_000));
        var profile = await ProfileAsync($"a,b\n1,2\n{tooLong}\r\n3,\"{new string('x', 1_000_000)}\"\r\n4,5\r\n");

        profile.Rows.ShouldBe(4);
        profile.BadRows.First.ShouldHaveSingleItem().Reason.ShouldEndWith("the row is too long");
        profile.BadRows.First[0].Line.ShouldBe(3);
        profile.Columns[0].Top.Select(top => top.Value).ShouldBe(["1", "3", "4"]);
    }

    [Fact]
    public async Task ProfileAsync_NoLineEndAtAll_IsNotFatal()
    {
        var profile = await ProfileAsync(new string('x', 5_000_000));

        profile.Rows.ShouldBe(0);
        profile.BadRows.Count.ShouldBe(1);
        profile.Columns.Count.ShouldBe(1);
    }

    [Fact]
    public async Task ProfileAsync_RandomBytes_AreNotFatal()
    {
        var bytes = new byte[3_000_000];
        for (int seed = 0; seed < 5; seed++)
        {
            new Random(seed).NextBytes(bytes);
            var profile = await ProfileAsync(bytes);
            profile.Columns.ShouldAllBe(column => column.Count + column.Empty <= profile.Rows);
        }
    }
}
