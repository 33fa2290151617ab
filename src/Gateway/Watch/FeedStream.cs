using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Feed;

namespace RealtimeOps.Watch;

/// <summary>One open event stream of a collection. What is due together goes out in one write.</summary>
internal sealed class FeedStream(HttpContext context, FeedFollower follower, TimeProvider time) : ServerStream(context, StreamFormat.EventStream, time)
{
    /// <summary>A long catch-up is sent in portions, so that a slow reader holds no more than this.</summary>
    private const int Portion = 32 * 1024;

    public async Task RunAsync(FeedPosition? from)
    {
        WriteHead(StatusCodes.Status200OK);
        await using CancellationTokenRegistration left = CloseWhenClientLeaves();
        Body.Write(StreamFormat.EventStream.Prelude.Span);
        // The first bytes go out at once, however long it takes to find out what to tell.
        bool isOpen = await FlushAsync();
        await using IAsyncEnumerator<FeedEvent> events = follower.ReadAsync(from, Context.RequestAborted).GetAsyncEnumerator(Context.RequestAborted);
        while (isOpen)
        {
            ValueTask<bool> next = events.MoveNextAsync();
            if (!next.IsCompleted || Body.UnflushedBytes > Portion)
            {
                isOpen = await FlushAsync();
            }

            if (!isOpen)
            {
                Close();
            }

            if (!await next)
            {
                await FlushAsync();
                return;
            }

            Write(events.Current);
        }
    }

    protected override void Beat() => follower.Beat();

    protected override void Close() => follower.Close();

    private void Write(FeedEvent change)
    {
        switch (change.Kind)
        {
            case FeedEventKind.Status:
                WriteField("id: ", change.Position.ToString()!);
                Body.Write("data: "u8);
                Body.Write(change.Status!.Json.Span);
                break;
            case FeedEventKind.Gone:
                Body.Write("event: gone\n"u8);
                WriteField("id: ", change.Position.ToString()!);
                Body.Write("data: "u8);
                Body.Write(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { uri = change.GoneUri }));
                break;
            case FeedEventKind.Reset:
                Body.Write("event: reset\ndata: {}"u8);
                break;
            case FeedEventKind.Ready:
                Body.Write("event: ready\n"u8);
                WriteField("id: ", change.Position.ToString()!);
                Body.Write("data: {}"u8);
                break;
            case FeedEventKind.Heartbeat:
                Body.Write(StreamFormat.EventStream.Heartbeat.Span[..^2]);
                break;
        }

        Body.Write("\n\n"u8);
    }

    private void WriteField(string name, string value)
    {
        Encoding.ASCII.GetBytes(name, Body);
        Encoding.ASCII.GetBytes(value, Body);
        Body.Write("\n"u8);
    }
}
