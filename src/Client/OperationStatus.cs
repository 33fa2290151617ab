using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeOps.Client;

/// <summary>A snapshot of one operation. A newer one, by its <see cref="Version"/>, replaces all older ones. Immutable.</summary>
public sealed record OperationStatus
{
    /// <summary>The absolute status URI, by which the operation is known everywhere.</summary>
    public required Uri Uri { get; init; }

    /// <summary>Percent: 0 to 99 until the end, and 100 exactly when the operation has ended, in success or not. Within one attempt it never falls.</summary>
    public required int Progress { get; init; }

    /// <summary>Once ended: 0 for success, anything else is an error code; null before.</summary>
    public int? Status { get; init; }

    /// <summary>Once ended: text for a person, if there is any.</summary>
    public string? Message { get; init; }

    /// <summary>Where the operation stands.</summary>
    public required OperationState State { get; init; }

    /// <summary>The type that it was submitted to.</summary>
    public required string Type { get; init; }

    /// <summary>Its id among the operations of its type.</summary>
    public required string Id { get; init; }

    /// <summary>Grows by at least 1 with each change, across attempts, restarts and nodes of the server.</summary>
    public required long Version { get; init; }

    /// <summary>What the operation is doing now, text for a person; null once it has ended.</summary>
    public string? Activity { get; init; }

    /// <summary>0 while it has not started, then 1, 2, …</summary>
    public int Attempt { get; init; }

    /// <summary>When it was accepted, by the server's clock, as all instants here.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it first started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When the server will forget it.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it will end if it goes on at its pace; null while nothing allows a guess.</summary>
    public DateTimeOffset? EstimatedEndAt { get; init; }

    /// <summary>About how many are ahead of it while it is queued; only <see cref="RealtimeOpsClient.GetAsync"/> tells it.</summary>
    public int? QueuePosition { get; init; }

    /// <summary>The URI of the outcome, when it succeeded and there is one.</summary>
    public Uri? Result { get; init; }

    /// <summary>Why it did not succeed.</summary>
    public Problem? Error { get; init; }

    /// <summary>The status URI of the operation that this one repeats.</summary>
    public Uri? ResubmissionOf { get; init; }

    /// <summary>The status URI of the operation that repeats this one.</summary>
    public Uri? ResubmittedAs { get; init; }

    /// <summary>What the submitter has written on it; empty when there are none.</summary>
    // The generated reader sets what the JSON does not have to null, whatever the initializer says.
    public IReadOnlyDictionary<string, string> Tags { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    /// <summary>Whether it has ended. Such a snapshot is the last, but for moves of its expiry and links to resubmissions.</summary>
    [JsonIgnore]
    public bool IsFinal => Progress == 100;

    /// <summary>Whether it has ended well.</summary>
    [JsonIgnore]
    public bool Succeeded => IsFinal && Status == 0;

    /// <summary>The JSON object that this snapshot was read from, with members that this version of the client does not know; empty when it was read from none.</summary>
    [JsonIgnore]
    public string Json { get; private init; } = "";

    /// <summary>Reads a Status, such as the body of a webhook message.</summary>
    /// <param name="json">One JSON object.</param>
    /// <exception cref="JsonException">It is not a Status.</exception>
    public static OperationStatus Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        OperationStatus status = JsonSerializer.Deserialize(json, ClientJson.Default.OperationStatus) ?? throw new JsonException("The JSON value null is not a Status.");
        return status with { Json = json };
    }
}
