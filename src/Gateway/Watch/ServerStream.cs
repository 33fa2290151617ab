using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;

namespace RealtimeOps.Watch;

/// <summary>An open stream: what the keeper of all streams has to know of it, and the writing that notices a reader who takes nothing.</summary>
internal abstract class ServerStream(HttpContext context, StreamFormat format, TimeProvider time)
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(12);

    /// <summary>Nobody is shown anything after their credential has ended.</summary>
    private readonly Caller _caller = Caller.Of(context);

    private long _lastHeartbeat = time.GetTimestamp();
    private long _flushingSince;
    private long _closeAt = long.MaxValue;
    private readonly Lock _ending = new();
    private bool _ended;

    /// <summary>How its reader waits.</summary>
    public ContactWay Way => format.Way;

    protected PipeWriter Body { get; } = context.Response.BodyWriter;

    protected HttpContext Context => context;

    protected StreamFormat Format => format;

    protected TimeProvider Time => time;

    /// <summary>Called by the keeper a few times a second; answers whether it has just cut the stream off, since its reader takes nothing.</summary>
    public bool Tick(long now, TimeSpan writeDeadline)
    {
        long since = Volatile.Read(ref _flushingSince);
        if (since != 0 && time.GetElapsedTime(since, now) > writeDeadline)
        {
            return TryCut();
        }

        if (now >= Volatile.Read(ref _closeAt) || _caller.IsOver(time.GetUtcNow()))
        {
            Close();
        }
        else if (format.Heartbeat.Length > 0 && time.GetElapsedTime(_lastHeartbeat, now) >= HeartbeatInterval)
        {
            _lastHeartbeat = now;
            Beat();
        }

        return false;
    }

    /// <summary>Ends the stream at that time, in the keeper's timestamps.</summary>
    public void CloseAt(long timestamp) => Volatile.Write(ref _closeAt, timestamp);

    /// <summary>The answer is over; the connection may serve another request now.</summary>
    public void End()
    {
        lock (_ending)
        {
            _ended = true;
        }
    }

    /// <summary>A heartbeat is due.</summary>
    protected abstract void Beat();

    /// <summary>Ends the stream after the present event.</summary>
    protected abstract void Close();

    protected CancellationTokenRegistration CloseWhenClientLeaves() =>
        context.RequestAborted.UnsafeRegister(static stream => ((ServerStream)stream!).Close(), this);

    protected void WriteHead(int statusCode)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        HttpResponse response = context.Response;
        response.StatusCode = statusCode;
        response.ContentType = format.MediaType;
        response.Headers.CacheControl = "no-cache, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
        response.Headers.Vary = "Accept";
        response.Headers.ContentEncoding = "identity";
    }

    /// <summary>False when the client has gone. While it takes nothing the keeper's clock runs against it.</summary>
    protected ValueTask<bool> FlushAsync()
    {
        ValueTask<FlushResult> flush = Body.FlushAsync();
        return flush.IsCompletedSuccessfully ? ValueTask.FromResult(IsOpen(flush.Result)) : AwaitAsync(flush);
    }

    private bool TryCut()
    {
        lock (_ending)
        {
            if (_ended)
            {
                return false;
            }

            _ended = true;
            context.Abort();
            return true;
        }
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

    private static bool IsOpen(FlushResult result) => !result.IsCompleted && !result.IsCanceled;
}
