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
        // Snippets without rhyme or reason: good rows, ragged rows, broken quotes. Long enough to go well beyond the sample.
        var files = Snippets.Any.ArrayOf().Resize(200).Select(parts => "a,b\n" + string.Concat(Enumerable.Repeat(string.Concat(parts) + "x,y\n", 600)));

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20), Prop.ForAll(files.ToArbitrary(), async csv =>
        {
            var bytes = Encoding.UTF8.GetBytes(csv);

            var whole = await ProfileAsync(bytes);
            var inPieces = await ProfileAsync(new PiecewiseStream(bytes, csv.Length));

            ToJson(inPieces).ShouldBe(ToJson(whole));
        }));
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
