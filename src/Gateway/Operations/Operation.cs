using System.Collections.ObjectModel;

namespace RealtimeOps.Operations;

/// <summary>
/// One long-running request. Immutable: the methods of <c>Operation.Transitions.cs</c> are the one door to a change, and
/// each answers the next value or refuses. Instants are UTC with whole milliseconds.
/// </summary>
internal sealed partial record Operation
{
    /// <summary>Order of acceptance within the store; assigned by it.</summary>
    public long Sequence { get; init; }

    public required OperationKey Key { get; init; }

    /// <summary>The caller it belongs to: nobody else ever sees it.</summary>
    public required string Owner { get; init; }

    /// <summary>Scheme, host and base path under which its URIs are shown.</summary>
    public required string BaseUri { get; init; }

    public OperationState State { get; init; }

    /// <summary>0 until first started; every start counts, so an attempt number also serves as the fence against older attempts.</summary>
    public int Attempt { get; init; }

    /// <summary>Attempts that failed by themselves; these use up the retries of the type.</summary>
    public int Failures { get; init; }

    /// <summary>Attempts that ended because their process did.</summary>
    public int Losses { get; init; }

    public long Version { get; init; } = 1;

    /// <summary>No version above this one was ever shown. Reserving a block before showing it is what keeps versions rising across a crash.</summary>
    public long VersionCeiling { get; init; } = 1;

    /// <summary>The version of the final snapshot; later ones only move the expiry or link resubmissions.</summary>
    public long? EndVersion { get; init; }

    /// <summary>Counts the writes to the store; a write names the revision it replaces.</summary>
    public long Revision { get; init; } = 1;

    /// <summary>Percent, 0..99 until the end.</summary>
    public int Progress { get; init; }

    public string? Activity { get; init; }

    /// <summary>Only when ended: 0 or an error code.</summary>
    public int? Status { get; init; }

    public string? Message { get; init; }

    public OperationError? Error { get; init; }

    public bool HasResult { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Not to be started before.</summary>
    public DateTimeOffset DueAt { get; init; }

    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>How long it is kept after its end.</summary>
    public required TimeSpan Retention { get; init; }

    /// <summary>Somebody deleted it while it ran: it goes as soon as it has ended.</summary>
    public bool DeleteWhenEnded { get; init; }

    public string? Webhook { get; init; }

    /// <summary>The W3C trace context of the submission, for the attempts and callbacks that follow from it.</summary>
    public string? TraceParent { get; init; }

    public string? IdempotencyKey { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>What an attempt left for the next one; JSON.</summary>
    public byte[]? Checkpoint { get; init; }

    public OperationKey? ResubmissionOf { get; init; }

    public OperationKey? ResubmittedAs { get; init; }

    public string Uri => BaseUri + Key.Path;

    /// <summary>This is the state that the end left: the change that leads here happens once, and callbacks are recorded with it.</summary>
    public bool IsTheEnd => EndVersion == Version;

    /// <summary>Gone for every reader, although the row may still stand until retention removes it.</summary>
    public bool IsExpired(DateTimeOffset now) => State.IsFinal() && ExpiresAt <= now;
}

/// <summary>Why an operation did not succeed, for people and machines: becomes the RFC 9457 problem of the Status.</summary>
/// <param name="Code">The error code: the handler's own, or 499, 500, 504.</param>
/// <param name="Title">What kind of failure it was.</param>
/// <param name="Detail">What happened and what can be done.</param>
internal sealed record OperationError(int Code, string Title, string Detail)
{
    /// <summary>What <c>/result</c> answers when the operation failed with it; null for 422.</summary>
    public int? HttpStatus { get; init; }
}
