using Shouldly;
using Xunit;
using static RealtimeOps.UnitTests.CsvProfile.Profiling;

namespace RealtimeOps.UnitTests.CsvProfile;

public sealed class DelimiterSnifferTests
{
    [Theory]
    [InlineData(",", 3, "id,name,price\n1,Ann,2.5\n2,Bob,3.5\n")]
    [InlineData(";", 3, "id;name;price\n1;Ann, Miss;2,5\n2;Bob, Mr;3,5\n3;Cleo, Dr;4,5\n")]
    [InlineData("\t", 2, "name\tnote\nAnn\tone, two; three\nBob\tfour, five; six\n")]
    [InlineData("|", 2, "name|at\nAnn|2024-01-01 10:00:00\nBob|2024-01-01 11:00:00\n")]
    [InlineData(":", 3, "user:shell:home\nroot:/bin/sh:/root\nann:/bin/zsh:/home/ann\n")]
    [InlineData(",", 2, "time,value\n10:00:00,1\n10:00:01,2\n")]
    [InlineData(";", 2, "\"a,b,c\";\"d,e,f\"\n\"1,2,3\";\"4,5,6\"\n")]
    [InlineData(",", 1, "name\nAnn\nBob\n")]
    [InlineData(";", 1, "name\n\"Smith\", Ann\nMiller, Bob\nKhan, Cleo\n")]
    [InlineData(",", 3, "a,b,c\n1,2,3\n1,2\n1,2,3\n1,2,3,4\n1,2,3\n")]
    [InlineData(",", 2, "a,b:c\n1,x\"y\n2,z\n3,w\n")]
    [InlineData(",", 2, "\"a;1\n;2\",b\n\"c;3\n;4\",d\n")]
    public async Task ProfileAsync_AnyDelimiter_IsFound(string delimiter, int columns, string csv)
    {
        var profile = await ProfileAsync(csv);

        profile.Delimiter.ShouldBe(delimiter);
        profile.Columns.Count.ShouldBe(columns);
    }

    [Fact]
    public async Task ProfileAsync_SampleEndsInsideARow_TheCutRowDoesNotCount()
    {
        string csv = "a,b\n" + string.Concat(Enumerable.Repeat($"\"{new string(';', 40_000)}\",1\n", 5));

        var profile = await ProfileAsync(csv);

        profile.Delimiter.ShouldBe(",");
        profile.BadRows.Count.ShouldBe(0);
    }
}
