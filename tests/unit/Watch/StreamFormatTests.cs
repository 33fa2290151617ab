using Microsoft.AspNetCore.Http;
using RealtimeOps.Watch;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Watch;

public sealed class StreamFormatTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("*/*", null)]
    [InlineData("application/json", null)]
    [InlineData("text/event-stream", "text/event-stream")]
    [InlineData("text/event-stream, */*", "text/event-stream")]
    [InlineData("TEXT/EVENT-STREAM;charset=utf-8", "text/event-stream")]
    [InlineData("application/jsonl", "application/jsonl")]
    [InlineData("text/event-stream;q=0", null)]
    [InlineData("application/jsonl;q=0", null)]
    [InlineData("application/json, text/event-stream;q=0.1", null)]
    [InlineData("application/json;q=0.5, text/event-stream", "text/event-stream")]
    [InlineData("application/jsonl, text/event-stream;q=0.9", "application/jsonl")]
    [InlineData("application/x-text/event-stream-foo", null)]
    public void Accepted_Header_IsWhatTheClientPrefers(string? accept, string? expected)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Accept = accept;
        StreamFormat.Accepted(context.Request)?.MediaType.ShouldBe(expected);
        (StreamFormat.Accepted(context.Request) is null).ShouldBe(expected is null);
    }
}
