using System.Text.Json;
using RealtimeOps.Feed;
using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>A running attempt as its handler sees it: report progress here, keep a checkpoint, learn about the operation.</summary>
public sealed class OperationContext : ProgressReporter
{
    /// <summary>Bytes of JSON that a checkpoint may have. It is written with every change of the operation, so it must stay small.</summary>
    public const int MaxCheckpointLength = 64 * 1024;

    private readonly LiveOperation _live;
    private readonly OperationFeed _feed;
    private readonly byte[]? _checkpoint;

    internal OperationContext(LiveOperation live, OperationFeed feed, Operation operation, ILogger logger)
    {
        _live = live;
        _feed = feed;
        _checkpoint = operation.Checkpoint;
        Key = operation.Key;
        Uri = operation.Uri;
        Attempt = operation.Attempt;
        Tags = operation.Tags;
        TraceParent = operation.TraceParent;
        CreatedAt = operation.CreatedAt;
        Logger = logger;
    }

    /// <summary>The operation's type and id.</summary>
    public OperationKey Key { get; }

    /// <summary>The absolute status URI.</summary>
    public string Uri { get; }

    /// <summary>1 for the first attempt.</summary>
    public int Attempt { get; }

    /// <summary>The tags that the submitter gave.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; }

    /// <summary>Writes to the server's log, marked with the operation and the attempt.</summary>
    public ILogger Logger { get; }

    /// <summary>The message of the final Status if the operation succeeds, for a person; "Done." if left null.</summary>
    public string? Message { get; set; }

    /// <summary>The W3C trace context that the submission came with.</summary>
    internal string? TraceParent { get; }

    /// <summary>Time of the submission: with the key it names the operation for good, since ids come free again.</summary>
    internal DateTimeOffset CreatedAt { get; }

    /// <summary>What runs it; null in tests of the context alone.</summary>
    internal RunningAttempt? Run { get; init; }

    /// <summary>Told, on any thread, what somebody else reports of the work: progress and activity, either may be missing.</summary>
    internal Action<int?, string?>? Heard { get; set; }

    /// <summary>
    /// Keeps a small state for the next attempt, should this one be lost or fail. Durable when the task has ended.
    /// </summary>
    /// <param name="state">The state; as JSON at most <see cref="MaxCheckpointLength"/> bytes.</param>
    /// <typeparam name="T">Its type.</typeparam>
    /// <exception cref="ArgumentException">It is too large.</exception>
    /// <exception cref="OperationCanceledException">This attempt no longer holds the operation.</exception>
    public async Task SaveCheckpointAsync<T>(T state)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(state, JsonSerializerOptions.Web);
        if (json.Length > MaxCheckpointLength)
        {
            throw new ArgumentException($"The checkpoint has {json.Length} bytes; at most {MaxCheckpointLength} are kept.", nameof(state));
        }

        if (await _feed.ChangeAsync(_live, operation => operation.SaveCheckpoint(Attempt, json), static _ => []) is null)
        {
            throw new OperationCanceledException("This attempt no longer holds the operation.");
        }
    }

    /// <summary>What an earlier attempt kept last.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <returns>The state, or the default of <typeparamref name="T"/> when there is none.</returns>
    public T? ReadCheckpoint<T>() => _checkpoint is null ? default : JsonSerializer.Deserialize<T>(_checkpoint, JsonSerializerOptions.Web);

    private protected override void ReportFraction(double fraction, string? activity) => _live.Report(Attempt, (int)((fraction * 100) + 1e-9), activity);
}
