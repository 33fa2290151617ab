using System.Text;
using Shouldly;
using Xunit;
using static RealtimeOps.UnitTests.CsvProfile.Profiling;

namespace RealtimeOps.UnitTests.CsvProfile;

public sealed class EncodingTests
{
    private const string Csv = "naïve,名前\nGrüße,日本\n\"😀,\r\n\",x\n";

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16le", true)]
    [InlineData("utf-16be", true)]
    public async Task ProfileAsync_UnicodeFile_IsReadWithAndWithoutByteOrderMark(string encoding, bool hasMark)
    {
        var bytes = Encoding.GetEncoding(encoding).GetBytes(hasMark ? '\uFEFF' + Csv : Csv);

        var whole = await ProfileAsync(bytes);
        var inPieces = await ProfileAsync(new PiecewiseStream(bytes, seed: 1));

        whole.Encoding.ShouldBe(encoding);
        whole.Columns.Select(column => column.Name).ShouldBe(["naïve", "名前"]);
        whole.Columns[0].Top.Select(top => top.Value).ShouldBe(["Grüße", "😀,\r\n"]);
        ToJson(inPieces).ShouldBe(ToJson(whole));
    }

    [Fact]
    public async Task ProfileAsync_Latin1File_IsReadAsSuch()
    {
        var profile = await ProfileAsync(Encoding.Latin1.GetBytes("städte,n\nKöln,1\nMünchen,2\n"));

        profile.Encoding.ShouldBe("utf-8, invalid bytes read as iso-8859-1");
        profile.Columns[0].Name.ShouldBe("städte");
        profile.Columns[0].Top.Select(top => top.Value).ShouldBe(["Köln", "München"]);
        profile.BadRows.Count.ShouldBe(0);
    }

    [Fact]
    public async Task ProfileAsync_OneFlawInUtf8_HarmsOnlyThatValue()
    {
        var profile = await ProfileAsync([.. "a\nKöln\n"u8, 0xFF, (byte)'\n', .. "Zürich\n"u8]);

        profile.Encoding.ShouldBe("utf-8, invalid bytes read as iso-8859-1");
        profile.Columns[0].Top.Select(top => top.Value).ShouldBe(["Köln", "Zürich", "ÿ"]);
    }

    [Fact]
    public async Task ProfileAsync_LoneSurrogateAndOddByteInUtf16_AreReplaced()
    {
        var profile = await ProfileAsync([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a\nx"), 0x00, 0xD8, (byte)'\n', 0x00, (byte)'y']);

        profile.Rows.ShouldBe(2);
        profile.Columns[0].Top.Select(top => top.Value).ShouldBe(["x\uFFFD", "\uFFFD"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF })]
    [InlineData(new byte[] { 0xFF, 0xFE })]
    [InlineData(new byte[] { 0xFE })]
    [InlineData(new byte[] { 0x0A })]
    public async Task ProfileAsync_NothingButAMark_IsNotFatal(byte[] bytes)
    {
        var profile = await ProfileAsync(bytes);

        profile.Rows.ShouldBe(0);
    }
}
