using Microsoft.AspNetCore.Http;
using RealtimeOps.Watch;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Watch;

public sealed class PreferTests
{
    [Theory]
    [InlineData(null, 0, null)]
    [InlineData("wait=5", 5, "wait=5")]
    [InlineData("Wait = 5", 5, "wait=5")]
    [InlineData("wait=\"7\"", 7, "wait=7")]
    [InlineData("wait=600", 60, "wait=60")]
    [InlineData("wait=99999999999999", 60, "wait=60")]
    [InlineData("wait=-1", 0, null)]
    [InlineData("wait=soon", 0, null)]
    [InlineData("wait", 0, null)]
    [InlineData("respond-async", 0, "respond-async")]
    [InlineData("respond-async, wait=10", 10, "respond-async, wait=10")]
    [InlineData("return=minimal; foo, wait=3;x=y", 3, "wait=3")]
    [InlineData("wait=3, wait=9", 3, "wait=3")]
    [InlineData(",,;=,", 0, null)]
    public void Read_Header_TakesWhatIsHonouredAndIgnoresTheRest(string? header, int wait, string? applied)
    {
        var context = new DefaultHttpContext();
        if (header is not null)
        {
            context.Request.Headers["Prefer"] = header;
        }

        Prefer prefer = Prefer.Read(context.Request);
        prefer.Wait.ShouldBe(wait);
        prefer.Applied.ShouldBe(applied);
    }
}
