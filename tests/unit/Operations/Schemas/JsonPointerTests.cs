using RealtimeOps.Operations.Schemas;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Operations.Schemas;

public sealed class JsonPointerTests
{
    [Fact]
    public void ToString_Root_IsEmpty() => JsonPointer.Root.ToString().ShouldBe("");

    [Theory]
    [InlineData("", "/")]
    [InlineData("a/b", "/a~1b")]
    [InlineData("m~n", "/m~0n")]
    [InlineData("~1", "/~01")]
    [InlineData("k\"l %|^\\", "/k\"l %|^\\")]
    public void ToString_Name_IsEscapedAsRfc6901Says(string name, string expected) =>
        JsonPointer.Root.Append(name).ToString().ShouldBe(expected);

    [Fact]
    public void ToString_NamesAndIndexes_AreJoined() =>
        JsonPointer.Root.Append("steps").Append(3).Append("name").ToString().ShouldBe("/steps/3/name");

    [Fact]
    public void ToBoundedString_LongName_IsTheNearestAncestor() =>
        JsonPointer.Root.Append("a").Append(new string('x', 2000)).Append("b").ToBoundedString().ShouldBe("/a");
}
