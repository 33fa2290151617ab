using Hangfire.Common;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>A job that stands for an operation, as this node knows it.</summary>
internal sealed class KnownJob(OperationKey key, string id, Job job)
{
    private long _number;
    private volatile bool _isRunning;

    public OperationKey Key => key;

    public string Id { get; set; } = id;

    public Job Job => job;

    /// <summary>The last state that was written or read.</summary>
    public string? State { get; set; }

    /// <summary>Its attempt runs on this node.</summary>
    public bool IsRunning
    {
        get => _isRunning;
        set => _isRunning = value;
    }

    /// <summary>Its place among those of its type while it waits in Hangfire's queue, else 0.</summary>
    public long Number
    {
        get => Volatile.Read(ref _number);
        set => Volatile.Write(ref _number, value);
    }

    public long TakeNumber() => Interlocked.Exchange(ref _number, 0);
}
