using System.Buffers;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Feed;
using OperationStatus = RealtimeOps.Operations.OperationStatus;

namespace RealtimeOps.Watch;

/// <summary>
/// One open stream of an operation's snapshots. It holds no queue: each time it is woken it writes the newest snapshot, and while the
/// client has not taken the last one it writes nothing, so a slow reader skips instead of piling up.
/// </summary>
internal sealed class StatusStream(HttpContext context, StreamFormat format, LiveOperation live, StatusSubscription subscription, TimeProvider time)
    : ServerStream(context, format, time)
{
    private volatile bool _heartbeatDue;
    private volatile bool _closing;

    /// <summary>Streams until the operation has ended, the client has gone, or the server ends the stream; always on a whole event.</summary>
    /// <param name="statusCode">200, or 202 on a submission.</param>
    /// <param name="known">The version that the client has, 0 for none; it is sent nothing until there is a newer one.</param>
    /// <param name="first">A snapshot to begin with, whatever is newest.</param>
    public async Task RunAsync(int statusCode, long known, OperationStatus? first)
    {
        WriteHead(statusCode);
        await using CancellationTokenRegistration left = CloseWhenClientLeaves();
        Body.Write(Format.Prelude.Span);
        if (first is not null)
        {
            Body.Write(Format.Render(first).Span);
            known = first.Version;
        }

        bool unflushed = true;
        while (true)
        {
            OperationStatus status = live.Current;
            if (status.Version > known)
            {
                Body.Write(Format.Render(status).Span);
                known = status.Version;
                unflushed = true;
            }

            if (_heartbeatDue)
            {
                _heartbeatDue = false;
                Body.Write(Format.Heartbeat.Span);
                unflushed = true;
            }

            if (unflushed && !await FlushAsync())
            {
                return;
            }

            unflushed = false;
            if (status.IsFinal || _closing || live.IsGone)
            {
                return;
            }

            await subscription.WaitAsync();
        }
    }

    protected override void Beat()
    {
        _heartbeatDue = true;
        subscription.Wake();
    }

    protected override void Close()
    {
        _closing = true;
        subscription.Wake();
    }
}
