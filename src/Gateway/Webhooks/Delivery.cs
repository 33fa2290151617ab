using RealtimeOps.Operations;

namespace RealtimeOps.Webhooks;

/// <summary>Where a message stands. The numbers are stored; never change them.</summary>
internal enum DeliveryState
{
    Pending = 0,
    Delivered = 1,

    /// <summary>All tries failed; it is sent again only when somebody asks.</summary>
    Dead = 2,

    /// <summary>Its target may not be called.</summary>
    Refused = 3,
}

/// <summary>Why a message was recorded. The numbers are stored; never change them.</summary>
internal enum DeliveryKind
{
    End = 0,
    Change = 1,
    Test = 2,
}

/// <summary>One message to one target, and what became of it.</summary>
internal sealed record Delivery
{
    /// <summary>Order of recording within the store; assigned by it.</summary>
    public long Number { get; init; }

    /// <summary>The <c>webhook-id</c>, the same in every try.</summary>
    public required string Id { get; init; }

    public required string Owner { get; init; }

    public required DeliveryKind Kind { get; init; }

    /// <summary>Null for a test message.</summary>
    public OperationKey? Operation { get; init; }

    public required string BaseUri { get; init; }

    /// <summary>The version of the Status in the body.</summary>
    public long Version { get; init; }

    /// <summary>The subscription that asked for it; null when the submission did.</summary>
    public string? Subscription { get; init; }

    public required string Target { get; init; }

    public string? TraceParent { get; init; }

    public DeliveryState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is tried next; null when nobody sends it at present.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Since when it lies in a mailbox; null when it does not.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>A try is on its way; should its process die, the message is due again at this time.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>Exactly what is signed and sent.</summary>
    public byte[] Body { get; init; } = [];

    public IReadOnlyList<DeliveryAttempt> Attempts { get; init; } = [];

    public static string NewId(DateTimeOffset now) => "msg_" + OperationId.New(now);
}

/// <summary>One try of a message.</summary>
/// <param name="At">When it began.</param>
/// <param name="Status">The HTTP status, when there was an answer.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Error">The name of what went wrong; null when nothing did.</param>
/// <param name="Answer">The beginning of the answer's body.</param>
internal sealed record DeliveryAttempt(DateTimeOffset At, int? Status, TimeSpan Duration, string? Error, string? Answer)
{
    public bool IsSuccess => Error is null;
}

/// <summary>Which messages a list shows.</summary>
internal sealed record DeliveryFilter
{
    /// <summary>Null shows everybody's.</summary>
    public required string? Owner { get; init; }

    public OperationKey? Operation { get; init; }

    public string? Subscription { get; init; }

    /// <summary>Null shows those of all operation types.</summary>
    public IReadOnlySet<string>? Types { get; init; }

    public IReadOnlyList<DeliveryState> States { get; init; } = [];
}
