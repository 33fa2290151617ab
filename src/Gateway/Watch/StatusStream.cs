using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using RealtimeOps.Feed;
using OperationStatus = RealtimeOps.Operations.OperationStatus;

namespace RealtimeOps.Watch;

/// <summary>
/// One open stream of snapshots. It holds no queue: each time it is woken it writes the newest snapshot, and while the client has
/// not taken the last one it writes nothing, so a slow reader skips instead of piling up.
/// </summary>
internal sealed class StatusStream(HttpContext context, StreamFormat format, LiveOperation live, StatusSubscription subscription, TimeProvider time)
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(12);

    private readonly PipeWriter _body = context.Response.BodyWriter;
    private long _lastHeartbeat = time.GetTimestamp();
    private long _flushingSince;
    private long _closeAt = long.MaxValue;
    private volatile bool _heartbeatDue;
    private volatile bool _closing;

    /// <summary>Streams until the operation has ended, the client has gone, or the server ends the stream; always on a whole event.</summary>
    /// <param name="statusCode">200, or 202 on a submission.</param>
    /// <param name="known">The version that the client has; it is sent nothing until that differs.</param>
    /// <param name="first">A snapshot to begin with, whatever is newest.</param>
    public async Task RunAsync(int statusCode, long? known, OperationStatus? first)
    {
        WriteHead(statusCode);
        await using CancellationTokenRegistration left = context.RequestAborted.UnsafeRegister(static stream => ((StatusStream)stream!).Close(), this);
        _body.Write(format.Prelude.Span);
        if (first is not null)
        {
            _body.Write(format.Render(first).Span);
            known = first.Version;
        }

        bool unflushed = true;
        while (true)
        {
            OperationStatus status = live.Current;
            if (status.Version != known)
            {
                _body.Write(format.Render(status).Span);
                known = status.Version;
                unflushed = true;
            }

            if (_heartbeatDue)
            {
                _heartbeatDue = false;
                _body.Write(format.Heartbeat.Span);
                unflushed = true;
            }

            if (unflushed && !await FlushAsync())
            {
                return;
            }

            unflushed = false;
            if (status.IsFinal || _closing)
            {
                return;
            }

            await subscription.WaitAsync();
        }
    }

    /// <summary>Called by the keeper of all streams a few times a second.</summary>
    public void Tick(long now, TimeSpan writeDeadline)
    {
        long since = Volatile.Read(ref _flushingSince);
        if (since != 0 && time.GetElapsedTime(since, now) > writeDeadline)
        {
            context.Abort();
            return;
        }

        if (now >= Volatile.Read(ref _closeAt))
        {
            Close();
        }
        else if (format.Heartbeat.Length > 0 && time.GetElapsedTime(_lastHeartbeat, now) >= HeartbeatInterval)
        {
            _lastHeartbeat = now;
            _heartbeatDue = true;
            subscription.Wake();
        }
    }

    /// <summary>Ends the stream at that time, in the keeper's timestamps.</summary>
    public void CloseAt(long timestamp) => Volatile.Write(ref _closeAt, timestamp);

    private void Close()
    {
        _closing = true;
        subscription.Wake();
    }

    private void WriteHead(int statusCode)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        HttpResponse response = context.Response;
        response.StatusCode = statusCode;
        response.ContentType = format.MediaType;
        response.Headers.CacheControl = "no-cache, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
        response.Headers.ContentEncoding = "identity";
    }

    /// <summary>False when the client has gone. While it takes nothing the keeper's clock runs against it.</summary>
    private ValueTask<bool> FlushAsync()
    {
        ValueTask<FlushResult> flush = _body.FlushAsync();
        return flush.IsCompletedSuccessfully ? ValueTask.FromResult(IsOpen(flush.Result)) : AwaitAsync(flush);
    }

    private async ValueTask<bool> AwaitAsync(ValueTask<FlushResult> flush)
    {
        Volatile.Write(ref _flushingSince, time.GetTimestamp());
        try
        {
            return IsOpen(await flush);
        }
        finally
        {
            Volatile.Write(ref _flushingSince, 0);
        }
    }

    private bool IsOpen(FlushResult result) => !result.IsCompleted && !result.IsCanceled && !context.RequestAborted.IsCancellationRequested;
}
