using System.ComponentModel.DataAnnotations;

namespace RealtimeOps.Execution;

/// <summary>How operations are run on this node; configuration section <c>Execution</c>.</summary>
public sealed class ExecutionOptions
{
    /// <summary>How many operations of one queue run at once.</summary>
    /// <value>Default 20.</value>
    [Range(1, 10_000)]
    public int Workers { get; set; } = 20;

    /// <summary>How long an attempt holds its operation without a sign of life. It renews the lease at a third of it.</summary>
    /// <value>Default 15 s.</value>
    [Range(typeof(TimeSpan), "00:00:03", "01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often what was accepted and never queued, or lost its attempt, is looked for.</summary>
    /// <value>Default 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>An operation that could start, and has waited for so long although there are workers for it, makes <c>/health/ready</c> degraded.</summary>
    /// <value>Default one minute.</value>
    [Range(typeof(TimeSpan), "00:00:05", "1.00:00:00")]
    public TimeSpan LagWarning { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a handler that was asked to stop, by a shut-down or its time limit, may take; then it is left behind and its operation goes on without it.</summary>
    /// <value>Default 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>The rules of one operation type; configuration section <c>Operations:TYPE</c>.</summary>
public sealed class OperationTypeOptions
{
    /// <summary>How often a failed attempt is followed by another.</summary>
    /// <value>Default 3.</value>
    [Range(0, 1000)]
    public int Retries { get; set; } = 3;

    /// <summary>The delays before the retries, each ±10 %; the last one repeats.</summary>
    /// <value>Default 1 s, 5 s, 25 s.</value>
    public IList<TimeSpan> RetryDelays { get; } = [];

    /// <summary>How long one attempt may run; then the operation fails with status 504.</summary>
    /// <value>Default: no limit.</value>
    public TimeSpan? Timeout { get; set; }

    /// <summary>How many run at once on this node.</summary>
    /// <value>Default: no limit but the queue's workers.</value>
    [Range(1, 100_000)]
    public int? Concurrency { get; set; }

    /// <summary>The queue whose workers run it.</summary>
    /// <value>Default <c>default</c>.</value>
    [RegularExpression("[a-z0-9_-]{1,50}")]
    public string Queue { get; set; } = "default";

    /// <summary>The longest input in bytes; for JSON inputs <c>Limits:JsonBody</c> holds as well.</summary>
    /// <value>Default 10 GB for streamed types.</value>
    [Range(1L, long.MaxValue)]
    public long MaxInputLength { get; set; } = 10_000_000_000;

    internal IReadOnlyList<TimeSpan> EffectiveRetryDelays =>
        RetryDelays.Count > 0 ? [.. RetryDelays] : [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(25)];
}
