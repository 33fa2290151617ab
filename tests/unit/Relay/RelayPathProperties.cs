using FsCheck;
using FsCheck.Fluent;
using RealtimeOps.Relay;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Relay;

/// <summary>Whatever a client writes: what is let through lies below the target, however a server behind reads it.</summary>
public sealed class RelayPathProperties
{
    private static readonly string[] Pieces =
        ["..", ".", "/", "//", "\\", "%2e", "%2E", "%2f", "%2F", "%5c", "%5C", "%25", "2e", "2f", ";", ";x=1", "a", "b.c", "@evil.example", ":80", "?", "#", "%00", "%0a", "%09", "%20", "%c2%85", "%c2%a0", " ", "%C3%A4", "~", "http://evil.example"];

    [Fact]
    public void Path_LetThrough_StaysBelowTheTarget()
    {
        Gen<string> target = Gen.Elements(Pieces).ListOf().Select(pieces => "/reports" + string.Concat(pieces));
        Prop.ForAll(target.ToArbitrary(), StaysBelow).Check(Config.QuickThrowOnFailure.WithMaxTest(100_000));
    }

    [Theory]
    [InlineData("/reports/..%0a")]
    [InlineData("/reports/..%20")]
    [InlineData("/reports/%20%2e%2e;a=b")]
    [InlineData("/reports/a%2509b")]
    [InlineData("/reports/%25252e.")]
    public void Path_ThatAServerBehindMayReadAsAWayOut_IsRefused(string raw) => RelayPath.TryRead(raw, segments: 1, out _, out _).ShouldBeFalse();

    [Theory]
    [InlineData("/reports", "", "")]
    [InlineData("/reports/", "/", "")]
    [InlineData("/reports/a/b?c=/../d", "/a/b", "?c=/../d")]
    [InlineData("http://gateway:80/reports/a", "/a", "")]
    [InlineData("/reports/%7Ea%20b", "/%7Ea%20b", "")]
    public void Path_Harmless_IsKeptAsItIs(string raw, string path, string query)
    {
        RelayPath.TryRead(raw, segments: 1, out string? readPath, out string? readQuery).ShouldBeTrue();
        (readPath, readQuery).ShouldBe((path, query));
    }

    private static void StaysBelow(string raw)
    {
        if (!RelayPath.TryRead(raw, segments: 1, out string? path, out string? query))
        {
            return;
        }

        // A server that decodes once, twice or thrice before it looks for dots.
        for (int depth = 0; depth <= 3; depth++, path = Uri.UnescapeDataString(path))
        {
            var uri = new Uri("http://service/base" + path.Replace('?', '_').Replace('#', '_') + query);
            uri.Host.ShouldBe("service", raw);
            uri.AbsolutePath.ShouldStartWith("/base", Case.Sensitive, raw);
            uri.AbsolutePath.ShouldNotContain("//", Case.Sensitive, raw);
        }
    }
}
