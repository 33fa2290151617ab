using Microsoft.Extensions.Options;

namespace RealtimeOps.Hosting;

/// <summary>
/// Lets nothing new in while memory runs short, before the machine swaps or the container is killed. What was accepted goes on, and whoever asks about it is answered. Memory is read
/// from time to time, never for a request, and garbage is no shortage: it is collected before anybody is refused, and again from time to time while somebody is.
/// </summary>
internal sealed class MemoryGuard : IDisposable
{
    /// <summary>Below the limit by so much, it is over: so it does not flicker.</summary>
    private const double Relief = 0.05;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A collection stops all threads, so a server that lives near the limit is not always at it.</summary>
    private static readonly TimeSpan ReclaimInterval = TimeSpan.FromSeconds(30);

    private static readonly Problem Short = new(
        503, "memory-low", "Memory is running low", "The server is short of memory and takes nothing new until some is free. Nothing was accepted; try again later. What was accepted before goes on and can be polled.") { RetryAfter = 5 };

    private readonly IMemoryReading _memory;
    private readonly TimeProvider _time;
    private readonly ILogger<MemoryGuard> _logger;
    private readonly double _limit;
    private readonly ITimer? _timer;
    private long? _reclaimedAt;
    private volatile Problem? _refusal;

    public MemoryGuard(IOptions<RealtimeOpsOptions> options, IMemoryReading memory, TimeProvider time, ILogger<MemoryGuard> logger)
    {
        (_limit, _memory, _time, _logger) = (options.Value.Limits.Memory, memory, time, logger);
        if (_limit < 1)
        {
            Read();
            _timer = time.CreateTimer(static guard => ((MemoryGuard)guard!).Read(), this, Interval, Interval);
        }
    }

    /// <summary>What new submissions and streams are answered; null while there is memory.</summary>
    public Problem? Refusal => _refusal;

    public void Dispose() => _timer?.Dispose();

    private void Read()
    {
        double limit = _refusal is null ? _limit : _limit - Relief;
        double share = _memory.UsedShare;
        if (share >= limit && (_reclaimedAt is not { } at || _time.GetElapsedTime(at) >= ReclaimInterval))
        {
            _memory.Reclaim();
            _reclaimedAt = _time.GetTimestamp();
            share = _memory.UsedShare;
        }

        if (_refusal is null && share >= limit)
        {
            HostingLog.MemoryLow(_logger, share, _limit);
            _refusal = Short;
        }
        else if (_refusal is not null && share < limit)
        {
            HostingLog.MemoryFree(_logger, share);
            _refusal = null;
        }
    }
}
