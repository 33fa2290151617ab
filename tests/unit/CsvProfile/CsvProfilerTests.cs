using System.Text;
using RealtimeOps.Api.CsvProfile;
using Shouldly;
using Xunit;
using static RealtimeOps.UnitTests.CsvProfile.Profiling;

namespace RealtimeOps.UnitTests.CsvProfile;

public sealed class CsvProfilerTests
{
    [Fact]
    public async Task ProfileAsync_SmallFile_SerializesToTheContractsShape()
    {
        var profile = await ProfileAsync("id,name,paid\n1,Ann,true\n2,Bob,\n4,Ann,false\n5,Cleo\n");

        ToJson(profile).ShouldBe(
            """
            {"rows":4,"badRows":{"count":1,"first":[{"line":5,"reason":"expected 3 fields, found 2"}]},"delimiter":",","encoding":"utf-8","columns":[
            {"name":"id","type":"integer","count":3,"empty":0,"distinct":3,"distinctEstimated":false,"min":1,"max":4,"mean":2.3333333333333335,"standardDeviation":1.5275252316519465,
            "quantiles":{"p01":1.02,"p05":1.1,"p25":1.5,"p50":2,"p75":3,"p95":3.8,"p99":3.96},
            "top":[{"value":"1","count":1},{"value":"2","count":1},{"value":"4","count":1}]},
            {"name":"name","type":"text","count":3,"empty":0,"distinct":2,"distinctEstimated":false,"min":"Ann","max":"Bob",
            "top":[{"value":"Ann","count":2},{"value":"Bob","count":1}]},
            {"name":"paid","type":"boolean","count":2,"empty":1,"distinct":2,"distinctEstimated":false,"min":"false","max":"true",
            "top":[{"value":"false","count":1},{"value":"true","count":1}]}]}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task ProfileAsync_EmptyFile_GivesAValidProfile()
    {
        var profile = await ProfileAsync("");

        ToJson(profile).ShouldBe("""{"rows":0,"badRows":{"count":0,"first":[]},"delimiter":",","encoding":"utf-8","columns":[]}""");
    }

    [Theory]
    [InlineData("a;b")]
    [InlineData("a;b\n")]
    [InlineData("\r\n\r\na;b\r\n\r\n")]
    public async Task ProfileAsync_HeaderOnly_HasColumnsWithoutValues(string csv)
    {
        var profile = await ProfileAsync(csv);

        profile.Rows.ShouldBe(0);
        profile.Delimiter.ShouldBe(";");
        profile.Columns.Select(column => column.Name).ShouldBe(["a", "b"]);
        ToJson(profile).ShouldContain("""{"name":"a","type":"text","count":0,"empty":0,"distinct":0,"distinctEstimated":false,"top":[]}""");
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task ProfileAsync_AnyLineEnd_FindsTheSameRows(string lineEnd)
    {
        var withFinal = await ProfileAsync("a,b\n1,x\n\n2,\"y\"\n".Replace("\n", lineEnd, StringComparison.Ordinal));
        var withoutFinal = await ProfileAsync("a,b\n1,x\n\n2,\"y\"".Replace("\n", lineEnd, StringComparison.Ordinal));

        withFinal.Rows.ShouldBe(2);
        withFinal.Columns[1].Max.ShouldBe("y");
        ToJson(withoutFinal).ShouldBe(ToJson(withFinal));
    }

    [Fact]
    public async Task ProfileAsync_QuotedFields_KeepDelimitersLineEndsAndDoubledQuotes()
    {
        var profile = await ProfileAsync("a,b\n\"x, y\",\"line\r\nbreak\"\n\"say \"\"hi\"\"\",\"\"\n");

        profile.BadRows.Count.ShouldBe(0);
        profile.Columns[0].Top.Select(top => top.Value).ShouldBe(["say \"hi\"", "x, y"]);
        profile.Columns[1].Top.Select(top => top.Value).ShouldBe(["line\r\nbreak"]);
        profile.Columns[1].Empty.ShouldBe(1);
    }

    [Fact]
    public async Task ProfileAsync_LastFieldEmptyAtEndOfFile_IsAnEmptyValue()
    {
        var profile = await ProfileAsync("a,b\n1,");

        profile.BadRows.Count.ShouldBe(0);
        profile.Columns[1].Empty.ShouldBe(1);
    }

    [Theory]
    [InlineData("a,,a,a_2, ,a", new[] { "a", "column2", "a_2", "a_2_2", "column5", "a_3" })]
    [InlineData("\"x\n\"\"y\"\"\",b", new[] { "x\n\"y\"", "b" })]
    public async Task ProfileAsync_HeaderNames_AreUniqueAndNeverEmpty(string header, string[] names)
    {
        var profile = await ProfileAsync(header + "\n");

        profile.Columns.Select(column => column.Name).ShouldBe(names);
    }

    [Fact]
    public async Task ProfileAsync_TooManyColumns_ProfilesTheFirstAndSaysSo()
    {
        string row = string.Join(',', Enumerable.Range(1, TableProfiler.MaxColumns + 1));
        var profile = await ProfileAsync($"{row}\n{row}\n");

        profile.Columns.Count.ShouldBe(TableProfiler.MaxColumns);
        profile.Columns[^1].Max.ShouldBe((long)TableProfiler.MaxColumns);
        profile.BadRows.First.ShouldBe([new BadRow(1, "4097 columns, of which only the first 4096 are profiled")]);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    public async Task ProfileAsync_LongFile_ReportsProgressUpToAllBytes(string encoding)
    {
        var bytes = Encoding.GetEncoding(encoding).GetBytes("\uFEFFa\n" + string.Concat(Enumerable.Repeat("0123456789\n", 100_000)));
        var reports = new List<long>();

        await CsvProfiler.ProfileAsync(new MemoryStream(bytes), reports.Add, TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        reports.ShouldBeInOrder();
        reports[^1].ShouldBe(bytes.Length);
        reports.Prepend(0).Zip(reports, (before, after) => after - before).Max().ShouldBeLessThanOrEqualTo(256 * 1024 + 2);
        reports.Count.ShouldBeLessThan(2 + bytes.Length / (64 * 1024));
    }

    [Fact]
    public async Task ProfileAsync_Canceled_StopsWithin256KiB()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var csv = new MemoryStream(Encoding.UTF8.GetBytes("a\n" + string.Concat(Enumerable.Repeat("0123456789\n", 200_000))));
        long canceledAt = 0;

        await Should.ThrowAsync<OperationCanceledException>(() => CsvProfiler.ProfileAsync(csv, CancelAfter1MiB, cancellation.Token)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

        (csv.Position - canceledAt).ShouldBeLessThanOrEqualTo(256 * 1024);

        void CancelAfter1MiB(long bytes)
        {
            if (bytes >= 1024 * 1024 && canceledAt == 0)
            {
                canceledAt = bytes;
                cancellation.Cancel();
            }
        }
    }
}
