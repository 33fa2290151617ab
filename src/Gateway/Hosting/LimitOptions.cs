using System.ComponentModel.DataAnnotations;

namespace RealtimeOps.Hosting;

/// <summary>
/// How much is accepted; configuration section <c>Limits</c>. Each refusal is a problem that names its limit. Limits per caller have no default while no credentials are
/// configured; callers without a credential of their own then count by their address.
/// </summary>
public sealed class LimitOptions
{
    internal const int DefaultSubmissionsPerSecond = 5000;
    internal const int DefaultQueuedPerCaller = 1_000_000;
    internal const int DefaultStreamsPerCaller = 10_000;

    /// <summary>The longest JSON input in bytes; a longer one is refused with 413.</summary>
    /// <value>Default 1 MiB.</value>
    [Range(1, 256 * 1024 * 1024)]
    public int JsonBody { get; set; } = 1024 * 1024;

    /// <summary>How deep objects and arrays of a JSON input may be nested; a deeper one is refused with 400.</summary>
    /// <value>Default 64.</value>
    [Range(1, 64)]
    public int JsonDepth { get; set; } = 64;

    /// <summary>How many tags an operation may have; more are refused with 400.</summary>
    /// <value>Default 32.</value>
    [Range(0, 32)]
    public int Tags { get; set; } = 32;

    /// <summary>How many operations a caller may submit in a second; past it 429. 0 for any number. Counts per node.</summary>
    /// <value>Default 5,000 where credentials are configured, else none.</value>
    [Range(0, 1_000_000)]
    public int? SubmissionsPerSecond { get; set; }

    /// <summary>How many operations of a caller may wait, for a worker, their time or their next try; past it submissions are refused with 429. 0 for any number. Counts over all nodes, of which each looks again every few seconds.</summary>
    /// <value>Default 1,000,000 where credentials are configured, else none.</value>
    [Range(0, 1_000_000_000)]
    public int? QueuedPerCaller { get; set; }

    /// <summary>How many streams and long polls a caller may hold open; past it 429. 0 for any number. Counts per node.</summary>
    /// <value>Default 10,000 where credentials are configured, else none.</value>
    [Range(0, 10_000_000)]
    public int? StreamsPerCaller { get; set; }

    /// <summary>How many streams and long polls this node holds open for all callers; past it 503. 0 for any number.</summary>
    /// <value>Default 0.</value>
    [Range(0, 10_000_000)]
    public int Streams { get; set; }

    /// <summary>How many connections this node accepts; further ones are closed at once. 0 for any number.</summary>
    /// <value>Default 0.</value>
    [Range(0L, 10_000_000L)]
    public long Connections { get; set; }

    /// <summary>The longest request line, which is method, path and query, in bytes; a longer one is refused with 414.</summary>
    /// <value>Default 8 KiB.</value>
    [Range(1024, 1024 * 1024)]
    public int RequestLine { get; set; } = 8 * 1024;

    /// <summary>The longest headers of a request, names and values of all, in bytes; longer ones are refused with 431.</summary>
    /// <value>Default 32 KiB.</value>
    [Range(1024, 1024 * 1024)]
    public int Headers { get; set; } = 32 * 1024;

    /// <summary>How long a client may take to send the headers of a request; then its connection is closed, with 408.</summary>
    /// <value>Default 15 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The least that a client must send of a body, and take of an answer, in bytes a second on average; a slower one is cut, a sender with 408. 0 for any pace.</summary>
    /// <value>Default 240.</value>
    [Range(0, 1_000_000)]
    public int SlowestPace { get; set; } = 240;

    /// <summary>For how long a client may be slower than <see cref="SlowestPace"/>.</summary>
    /// <value>Default 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan PaceGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The share of the memory that the process may use, that of its container or else the machine, above which new submissions and streams are refused with 503. 1 switches it off.</summary>
    /// <value>Default 0.85.</value>
    [Range(0.1, 1.0)]
    public double Memory { get; set; } = 0.85;
}
