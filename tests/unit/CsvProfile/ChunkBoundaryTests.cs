using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;
using static RealtimeOps.UnitTests.CsvProfile.Profiling;

namespace RealtimeOps.UnitTests.CsvProfile;

public sealed class ChunkBoundaryTests
{
    [Fact]
    public void ProfileAsync_AnyBytesInSmallPieces_GiveTheProfileOfTheWhole()
    {
        // Snippets without rhyme or reason: good rows, ragged rows, broken quotes. They begin after the sample from which
        // the delimiter is found, because that is always read as a whole.
        string sample = "a,b\r\n" + string.Concat(Enumerable.Repeat("1,x\r\n", 15_000));
        var files = Snippets.Any.ArrayOf().Resize(200).Select(parts => sample + string.Concat(Enumerable.Repeat(string.Concat(parts) + "y,z\r\n", 20)));

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20), Prop.ForAll(files.ToArbitrary(), async csv =>
        {
            var bytes = Encoding.UTF8.GetBytes(csv);

            var whole = await ProfileAsync(bytes);
            var inPieces = await ProfileAsync(new PiecewiseStream(bytes, csv.Length));

            ToJson(inPieces).ShouldBe(ToJson(whole));
        }));
    }

    [Fact]
    public async Task ProfileAsync_BrokenHeaderBeyondTheSampleInSmallPieces_GivesTheProfileOfTheWhole()
    {
        var bytes = Encoding.UTF8.GetBytes($"{new string('x', 60_000)},\"{new string('y', 40_000)}\"z,{new string('w', 100_000)}\n1,2,3\n");

        var whole = await ProfileAsync(bytes);
        var inPieces = await ProfileAsync(new PiecewiseStream(bytes, seed: 1));

        whole.Columns.Count.ShouldBe(3);
        ToJson(inPieces).ShouldBe(ToJson(whole));
    }

    [Fact]
    public async Task ProfileAsync_RowsThatChangeTheirDelimiter_AreSniffedAlikeInSmallPieces()
    {
        string filler = new('x', 2000);
        var bytes = Encoding.UTF8.GetBytes(
            "a,b;c\n" + string.Concat(Enumerable.Repeat($"{filler},1;2\n", 35)) + string.Concat(Enumerable.Repeat($"{filler};2\n", 65)));

        var whole = await ProfileAsync(bytes);
        var inPieces = await ProfileAsync(new PiecewiseStream(bytes, seed: 1));

        ToJson(inPieces).ShouldBe(ToJson(whole));
    }

    [Theory]
    [InlineData("\"never closed\n")]
    [InlineData("1,\"never closed\r\n")]
    [InlineData("stray\",quote\r")]
    public async Task ProfileAsync_BrokenRowThenOver1MiBInSmallPieces_GivesTheProfileOfTheWhole(string broken)
    {
        var bytes = Encoding.UTF8.GetBytes($"a,b\r\n{broken}" + string.Concat(Enumerable.Repeat("1,x\r\n", 250_000)));

        var whole = await ProfileAsync(bytes);
        var inPieces = await ProfileAsync(new PiecewiseStream(bytes, seed: 1));

        whole.Rows.ShouldBe(250_001);
        whole.BadRows.Count.ShouldBe(1);
        ToJson(inPieces).ShouldBe(ToJson(whole));
    }
}
