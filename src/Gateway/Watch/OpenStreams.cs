using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;

namespace RealtimeOps.Watch;

/// <summary>
/// All streams open on this node, and the one timer that keeps them: heartbeats, write deadlines, and the drain at shut-down, which
/// ends them spread over a time so that their clients do not all come back at once.
/// </summary>
internal sealed class OpenStreams : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<ServerStream, WatchMetrics.Watching> _streams = new();
    private readonly WatchMetrics _metrics;
    private readonly ILogger _logger;
    private readonly StreamOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly CancellationToken _shutdown;
    private readonly CancellationTokenRegistration _stopping;
    private int _beating;

    public OpenStreams(IOptions<RealtimeOpsOptions> options, WatchMetrics metrics, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<OpenStreams> logger)
    {
        (_metrics, _logger) = (metrics, logger);
        _options = options.Value.Streams;
        _time = time;
        _timer = time.CreateTimer(static streams => ((OpenStreams)streams!).Tick(), this, Beat, Beat);
        _shutdown = lifetime.ApplicationStopping;
        _stopping = lifetime.ApplicationStopping.Register(Drain);
    }

    public int Count => _streams.Count;

    public void Add(ServerStream stream)
    {
        _streams.TryAdd(stream, _metrics.Begin(stream.Way));
        if (_shutdown.IsCancellationRequested)
        {
            CloseSoon(stream);
        }
    }

    public void Remove(ServerStream stream)
    {
        stream.End();
        if (_streams.TryRemove(stream, out WatchMetrics.Watching watching))
        {
            watching.Dispose();
        }
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _timer.Dispose();
    }

    private void Tick()
    {
        if (Interlocked.Exchange(ref _beating, 1) == 1)
        {
            return;
        }

        long now = _time.GetTimestamp();
        foreach ((ServerStream stream, _) in _streams)
        {
            if (stream.Tick(now, _options.WriteDeadline))
            {
                _metrics.Cut(stream.Way);
                WatchLog.Cut(_logger, stream.Way.Name(), _options.WriteDeadline);
            }
        }

        Volatile.Write(ref _beating, 0);
    }

    private void Drain()
    {
        foreach ((ServerStream stream, _) in _streams)
        {
            CloseSoon(stream);
        }
    }

    private void CloseSoon(ServerStream stream) =>
        stream.CloseAt(_time.GetTimestamp() + (long)(Random.Shared.NextDouble() * _options.Drain.TotalSeconds * _time.TimestampFrequency));
}
