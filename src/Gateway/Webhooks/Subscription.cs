using System.Collections.ObjectModel;
using RealtimeOps.Operations;

namespace RealtimeOps.Webhooks;

/// <summary>Whether messages of a subscription are sent. The numbers are stored; never change them.</summary>
internal enum SubscriptionState
{
    Active = 0,

    /// <summary>Its owner wants none for now: they are kept.</summary>
    Paused = 1,

    /// <summary>Its target has failed for too long or is gone: they are kept.</summary>
    Disabled = 2,
}

/// <summary>A standing wish to be told of operations. Immutable; its methods are the one door to a change and answer the next value.</summary>
internal sealed record Subscription
{
    /// <summary>How long a replaced secret signs along.</summary>
    public static readonly TimeSpan SecretOverlap = TimeSpan.FromHours(24);

    /// <summary>A receiver may stop at a header line that is too long; five signatures are not.</summary>
    public const int MostSecrets = 5;

    public required string Id { get; init; }

    public required string Owner { get; init; }

    public required string Webhook { get; init; }

    /// <summary>None for all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>None for all.</summary>
    public IReadOnlyList<OperationState> States { get; init; } = [];

    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Wants every change; else only ends.</summary>
    public bool EveryChange { get; init; }

    public SubscriptionState State { get; init; }

    public string? DisabledReason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Signs its messages; null for the gateway's own.</summary>
    public string? Secret { get; init; }

    public IReadOnlyList<RetiredSecret> Retired { get; init; } = [];

    /// <summary>Since when every try has failed.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    public bool IsExpired(DateTimeOffset now) => ExpiresAt <= now;

    public bool Matches(Operation operation) =>
        operation.Owner == Owner
        && (Types.Count == 0 || Types.Contains(operation.Key.Type))
        && (States.Count == 0 || States.Contains(operation.State))
        && Tags.All(tag => operation.Tags.TryGetValue(tag.Key, out string? value) && value == tag.Value);

    /// <summary>Of its types those that may be used: all that may when there is none among them, for none would be all there are.</summary>
    public Subscription LimitTo(IReadOnlySet<string>? types) =>
        types is null || (Types.Count > 0 && Types.All(types.Contains)) ? this
        : this with { Types = [.. (Types.Any(types.Contains) ? Types.Where(types.Contains) : types).Order(StringComparer.Ordinal)] };

    /// <summary>All that sign a message now, the newest first; null stands for the gateway's own.</summary>
    public IEnumerable<string?> SecretsAt(DateTimeOffset now) => [Secret, .. Retired.Where(old => old.Until > now).Select(old => old.Secret)];

    public Subscription Pause() => State is SubscriptionState.Active ? this with { State = SubscriptionState.Paused } : this;

    /// <summary>Also switches a disabled one on again.</summary>
    public Subscription Resume() => this with { State = SubscriptionState.Active, DisabledReason = null, FailingSince = null };

    /// <summary>Null while too many secrets sign along.</summary>
    public Subscription? Rotate(string secret, DateTimeOffset now)
    {
        RetiredSecret[] retired = [new RetiredSecret(Secret, now + SecretOverlap), .. Retired.Where(old => old.Until > now)];
        return retired.Length < MostSecrets ? this with { Secret = secret, Retired = retired } : null;
    }

    /// <summary>Takes note of a try: one success forgives all failures; failures alone, for long enough, switch it off.</summary>
    public Subscription After(DeliveryAttempt attempt, TimeSpan disableAfter) =>
        attempt.IsSuccess ? FailingSince is null ? this : this with { FailingSince = null }
        : State is not SubscriptionState.Active ? this
        : attempt.Error is DeliveryErrors.Gone ? Disable("The target answered 410 Gone.")
        : FailingSince is null ? this with { FailingSince = attempt.At }
        : attempt.At - FailingSince >= disableAfter ? Disable($"Every try since {FailingSince.Value.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} has failed, the last one with '{attempt.Error}'.")
        : this;

    private Subscription Disable(string reason) => this with { State = SubscriptionState.Disabled, DisabledReason = reason };
}

/// <summary>A replaced secret.</summary>
/// <param name="Secret">Null for the gateway's own.</param>
/// <param name="Until">When it stops signing along.</param>
internal sealed record RetiredSecret(string? Secret, DateTimeOffset Until);
