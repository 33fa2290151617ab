using RealtimeOps.Operations;

namespace RealtimeOps.Webhooks;

/// <summary>
/// Keeps messages. Those of an end are recorded by the operation store, in the transaction of the end. Every method that changes something
/// returns only after the change is durable, and throws <see cref="StoreUnavailableException"/> when nothing was changed.
/// </summary>
internal interface IDeliveryStore
{
    /// <summary>Makes what a process left behind due again: leases that nobody can hold any more, and what waits for a subscription that is active.</summary>
    ValueTask RecoverAsync(DateTimeOffset now);

    /// <summary>Every lane with something pending, and when the first of it is due.</summary>
    ValueTask<IReadOnlyList<LaneDue>> ListLanesAsync(CancellationToken cancellationToken);

    /// <summary>Takes what is due in a lane, longest due first. What belongs to a paused subscription is put aside instead.</summary>
    ValueTask<ClaimedPage> ClaimAsync(string lane, DateTimeOffset now, DateTimeOffset leaseUntil, int most);

    /// <summary>Records a try and what follows from it. Answers the subscription when the try has switched it off.</summary>
    ValueTask<Subscription?> RecordAsync(ClaimedDelivery delivery, DeliveryAttempt attempt, DeliveryState state, DateTimeOffset? dueAt, TimeSpan disableAfter);

    /// <summary>Gives back what was claimed and not tried.</summary>
    ValueTask ReleaseAsync(IReadOnlyCollection<ClaimedDelivery> claimed, DateTimeOffset now);

    /// <summary>Records the newest snapshots for those who want every change. One that was not sent yet is replaced by the newer one.</summary>
    ValueTask RecordChangesAsync(IReadOnlyCollection<OperationStatus> changes, DateTimeOffset now);

    ValueTask RecordTestAsync(Delivery test);

    /// <summary>Makes a message due now, with the whole schedule before it. False when its subscription is gone, and with it what would sign it.</summary>
    ValueTask<bool> RedeliverAsync(Delivery delivery, DateTimeOffset now);

    /// <summary>As the other one, for all that a filter shows; answers how many it was.</summary>
    ValueTask<int> RedeliverAsync(DeliveryFilter filter, DateTimeOffset now);

    ValueTask<Delivery?> FindAsync(MessageAccess access, string id, CancellationToken cancellationToken);

    /// <summary>Newest first, with their attempts.</summary>
    ValueTask<IReadOnlyList<Delivery>> ListAsync(DeliveryFilter filter, long beforeNumber, int most, CancellationToken cancellationToken);

    /// <summary>How many are pending and how many dead.</summary>
    ValueTask<(long Pending, long Dead)> CountAsync(CancellationToken cancellationToken);

    /// <summary>Removes messages that were delivered before the one instant or recorded before the other; answers how many it was.</summary>
    ValueTask<int> RemoveOldAsync(DateTimeOffset deliveredBefore, DateTimeOffset recordedBefore, int most);
}

/// <summary>A lane with something pending.</summary>
/// <param name="Lane">Scheme, host and port of a target.</param>
/// <param name="DueAt">When its first message is due.</param>
internal readonly record struct LaneDue(string Lane, DateTimeOffset DueAt);

/// <summary>What a claim found.</summary>
/// <param name="Deliveries">To be sent now.</param>
/// <param name="Looked">How many were looked at; 0 when nothing more is due.</param>
/// <param name="NextDueAt">When nothing is due: when something will be, if anything is pending.</param>
internal readonly record struct ClaimedPage(IReadOnlyList<ClaimedDelivery> Deliveries, int Looked, DateTimeOffset? NextDueAt);

/// <summary>A message on its way.</summary>
/// <param name="Number">Its number in the store.</param>
/// <param name="Id">The <c>webhook-id</c>.</param>
/// <param name="Kind">Why it was recorded.</param>
/// <param name="Operation">What it tells of, <c>type/id</c>.</param>
/// <param name="Subscription">Who asked for it.</param>
/// <param name="Target">Where it goes.</param>
/// <param name="TraceParent">The trace that it belongs to.</param>
/// <param name="Body">What is signed and sent.</param>
/// <param name="Failures">How often it has failed.</param>
/// <param name="Secrets">What signs it, the newest first; null stands for the gateway's own secret.</param>
/// <param name="LeaseUntil">After that somebody else may have it; null for what is fetched, not sent.</param>
internal sealed record ClaimedDelivery(
    long Number, string Id, DeliveryKind Kind, string? Operation, string? Subscription, string Target, string? TraceParent, byte[] Body, int Failures, IReadOnlyList<string?> Secrets, DateTimeOffset? LeaseUntil);
