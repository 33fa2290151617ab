using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;

namespace RealtimeOps.Watch;

/// <summary>
/// All streams open on this node, and the one timer that keeps them: heartbeats, write deadlines, and the drain at shut-down, which
/// ends them spread over a time so that their clients do not all come back at once.
/// </summary>
internal sealed class OpenStreams : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<ServerStream, byte> _streams = new();
    private readonly StreamOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly CancellationToken _shutdown;
    private readonly CancellationTokenRegistration _stopping;
    private int _beating;

    public OpenStreams(IOptions<RealtimeOpsOptions> options, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        _options = options.Value.Streams;
        _time = time;
        _timer = time.CreateTimer(static streams => ((OpenStreams)streams!).Tick(), this, Beat, Beat);
        _shutdown = lifetime.ApplicationStopping;
        _stopping = lifetime.ApplicationStopping.Register(Drain);
    }

    public int Count => _streams.Count;

    public void Add(ServerStream stream)
    {
        _streams.TryAdd(stream, 0);
        if (_shutdown.IsCancellationRequested)
        {
            CloseSoon(stream);
        }
    }

    public void Remove(ServerStream stream)
    {
        stream.End();
        _streams.TryRemove(stream, out _);
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
            stream.Tick(now, _options.WriteDeadline);
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
