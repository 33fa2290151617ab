using System.Text;
using System.Text.Json;
using RealtimeOps.Operations.Schemas;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Operations.Schemas;

public sealed class JsonDifferenceTests
{
    [Theory]
    [InlineData("""{"a":1,"b":[true,null]}""", """ { "b" : [ true , null ] , "a" : 1.0 } """)]
    [InlineData("""{"\u0061":"\u00e4\n"}""", """{"a":"ä\u000A"}""")]
    [InlineData("""["\/", 1e2]""", """["/", 100]""")]
    [InlineData("null", "null")]
    [InlineData("""{"a":1,"a":2}""", """{"a":2}""")]
    [InlineData("\"\\ud800\"", "\"\\ud800\"")]
    public void Compare_SameValue_IsEmpty(string left, string right) => Compare(left, right).ShouldBeEmpty();

    [Theory]
    [InlineData("1", "\"1\"", "")]
    [InlineData("true", "false", "")]
    [InlineData("{}", "[]", "")]
    [InlineData("""{"a":1}""", """{"A":1}""", "/a", "/A")]
    [InlineData("""{"a":null}""", "{}", "/a")]
    [InlineData("{}", """{"a":null}""", "/a")]
    [InlineData("""{"a/b":{"~":1}}""", """{"a/b":{"~":2}}""", "/a~1b/~0")]
    [InlineData("[1,2,3]", "[1]", "/1", "/2")]
    [InlineData("[1]", "[2,2]", "/0", "/1")]
    [InlineData("""{"a":[{"b":9007199254740992}]}""", """{"a":[{"b":9007199254740993}]}""", "/a/0/b")]
    [InlineData("""{"a":""}""", """{"a":"\u0000"}""", "/a")]
    [InlineData("\"\\ud800\"", "\"\\ud801\"", "")]
    [InlineData("""{"\ud800":1}""", """{"\ud801":1}""", "/\\ud800", "/\\ud801")]
    public void Compare_OtherValue_IsThePointersThatDiffer(string left, string right, params string[] expected) =>
        Compare(left, right).ShouldBe(expected);

    [Fact]
    public void Compare_InvalidUtf8_ComparesBytes()
    {
        using var left = JsonDocument.Parse((byte[])[(byte)'"', 0xff, (byte)'"']);
        using var right = JsonDocument.Parse((byte[])[(byte)'"', 0xfe, (byte)'"']);

        JsonDifference.Compare(left.RootElement, left.RootElement).ShouldBeEmpty();
        JsonDifference.Compare(left.RootElement, right.RootElement).ShouldBe([""]);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    public void Compare_VeryDifferent_IsBounded(string empty)
    {
        bool isArray = empty == "[]";
        var other = new StringBuilder(isArray ? "[0" : "{\"n\":0");
        for (int i = 0; i < 1000; i++)
            other.Append(isArray ? ",0" : $",\"{i}\":0");
        other.Append(isArray ? ']' : '}');

        Compare(empty, other.ToString()).Count.ShouldBe(100);
        Compare(other.ToString(), empty).Count.ShouldBe(100);
        Compare(other.ToString(), other.ToString().Replace(":0", ":1", StringComparison.Ordinal).Replace(",0", ",1", StringComparison.Ordinal)).Count.ShouldBe(100);
    }

    private static IReadOnlyList<string> Compare(string left, string right)
    {
        using var leftDocument = JsonDocument.Parse(left);
        using var rightDocument = JsonDocument.Parse(right);
        return JsonDifference.Compare(leftDocument.RootElement, rightDocument.RootElement);
    }
}
