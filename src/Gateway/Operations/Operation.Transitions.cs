namespace RealtimeOps.Operations;

/// <summary>
/// Every change of an operation. Methods that belong to a running attempt name it and answer null when it is no longer the
/// one that holds the operation (the fence: an engine may run a job twice). Nothing here waits, reads a clock or touches a store.
/// </summary>
internal sealed partial record Operation
{
    /// <summary>How many versions an attempt reserves at a time: it may show that many snapshots between two writes to the store.</summary>
    public const int VersionBlock = 4096;

    /// <summary>After so many attempts lost with their process it is likelier the operation than the machine that ends them.</summary>
    public const int MaxLosses = 20;

    /// <summary>A worker claims it: the next attempt begins.</summary>
    public Operation? Start(DateTimeOffset now, TimeSpan lease) =>
        !State.IsWaiting() || DueAt > now
            ? null
            : Become(OperationState.Running, now) with
            {
                // One that was given back has its number already.
                Attempt = State is OperationState.Queued && Attempt > 0 ? Attempt : Attempt + 1,
                StartedAt = StartedAt ?? now,
                Progress = 0,
                Activity = null,
                LeaseUntil = now + lease,
            };

    /// <summary>Records what the attempt reported so far and renews its lease.</summary>
    public Operation? Record(int attempt, LiveProgress live, DateTimeOffset now, TimeSpan lease) =>
        !IsHeldBy(attempt)
            ? null
            : With(live) with { LeaseUntil = now + lease, VersionCeiling = Math.Max(VersionCeiling, live.Version + VersionBlock), Revision = Revision + 1 };

    /// <summary>Takes a report that came to another node than the one that runs the attempt; without news it is a sign of life.</summary>
    public Operation? TakeReport(int attempt, int? progress, string? activity, DateTimeOffset now) =>
        IsHeldBy(attempt) ? Touch(now, held: true) with { Progress = Math.Clamp(progress ?? 0, Progress, 99), Activity = activity ?? Activity } : null;

    public Operation? SaveCheckpoint(int attempt, byte[] checkpoint) =>
        IsHeldBy(attempt) ? this with { Checkpoint = checkpoint, VersionCeiling = Math.Max(VersionCeiling, Version + VersionBlock), Revision = Revision + 1 } : null;

    public Operation? Succeed(int attempt, string? message, bool hasResult, DateTimeOffset now) =>
        IsHeldBy(attempt)
            ? End(OperationState.Succeeded, 0, message ?? "Done.", null, now) with { HasResult = hasResult }
            : null;

    public Operation? Fail(int attempt, OperationError error, DateTimeOffset now) =>
        IsHeldBy(attempt) ? EndBadly(error, now) with { Failures = Failures + 1 } : null;

    /// <summary>The attempt failed and another one may help. A cancel that was asked for meanwhile wins over the retry.</summary>
    public Operation? Retry(int attempt, DateTimeOffset dueAt, DateTimeOffset now) =>
        !IsHeldBy(attempt) ? null
        : State is OperationState.Canceling ? EndCanceled(now)
        : Become(OperationState.Retrying, now) with { Failures = Failures + 1, DueAt = dueAt, Activity = null, LeaseUntil = null };

    /// <summary>The handler has stopped because it was asked to.</summary>
    public Operation? ConfirmCancel(int attempt, DateTimeOffset now) =>
        IsHeldBy(attempt) && State is OperationState.Canceling ? EndCanceled(now) : null;

    /// <summary>
    /// The attempt's process stops or is gone: no fault of the operation, so it goes back to the queue, for its next attempt. That takes its number
    /// here: what the lost one had shown last is not known, and its progress must not seem to fall.
    /// </summary>
    public Operation? GiveBack(int attempt, DateTimeOffset dueAt, DateTimeOffset now, bool lost = true) =>
        !IsHeldBy(attempt) ? null
        : State is OperationState.Canceling ? EndCanceled(now)
        : lost && Losses + 1 >= MaxLosses ? EndBadly(OperationErrors.Lost(Losses + 1), now)
        : Become(OperationState.Queued, now) with
        {
            Attempt = Attempt + 1,
            Losses = Losses + (lost ? 1 : 0),
            Progress = 0,
            DueAt = dueAt,
            Activity = null,
            LeaseUntil = null,
        };

    /// <summary>What waits is canceled at once; what runs is asked to stop. Null when it has ended already.</summary>
    public Operation? RequestCancel(DateTimeOffset now) =>
        State.IsFinal() ? null
        : State.IsWaiting() ? EndCanceled(now)
        : State is OperationState.Canceling ? this
        : Become(OperationState.Canceling, now);

    /// <summary>As <see cref="RequestCancel"/>, and gone once it has ended.</summary>
    public Operation? RequestDelete(DateTimeOffset now) =>
        RequestCancel(now) is not { } next ? null
        : ReferenceEquals(next, this) ? this with { DeleteWhenEnded = true, Revision = Revision + 1 }
        : next with { DeleteWhenEnded = true, ExpiresAt = next.EndedAt ?? next.ExpiresAt };

    public Operation MoveExpiry(DateTimeOffset expiresAt, DateTimeOffset now) => Touch(now, State.IsHeld()) with { ExpiresAt = expiresAt };

    public Operation LinkResubmission(OperationKey successor, DateTimeOffset now) => Touch(now, State.IsHeld()) with { ResubmittedAs = successor };

    /// <summary>A new operation with the same input, owner and wishes.</summary>
    public Operation Resubmission(DateTimeOffset now) => new()
    {
        Key = new OperationKey(Key.Type, OperationId.New(now)),
        Owner = Owner,
        BaseUri = BaseUri,
        CreatedAt = now,
        UpdatedAt = now,
        DueAt = now,
        Retention = Retention,
        Tags = Tags,
        Webhook = Webhook,
        ResubmissionOf = Key,
    };

    /// <summary>Puts what the attempt reported into the snapshot. Progress never falls within an attempt and is never 100 before the end.</summary>
    public Operation With(LiveProgress live) => this with
    {
        Progress = Math.Max(Progress, live.Progress),
        Activity = live.Activity,
        Version = Math.Max(Version, live.Version),
        UpdatedAt = live.At > UpdatedAt ? live.At : UpdatedAt,
    };

    /// <summary>For the node that shows the snapshots and so knows that nothing above <see cref="Version"/> was shown: versions go on without a hole.</summary>
    public Operation WithoutReserve() => this with { VersionCeiling = Version };

    private bool IsHeldBy(int attempt) => State.IsHeld() && Attempt == attempt;

    private Operation Become(OperationState state, DateTimeOffset now) =>
        State.MayBecome(state)
            ? Touch(now, state.IsHeld()) with { State = state }
            : throw new InvalidOperationException($"An operation that is {State.Name()} cannot become {state.Name()}.");

    /// <summary>The next version lies above everything that was ever shown, here or on a node that died.</summary>
    private Operation Touch(DateTimeOffset now, bool held)
    {
        long version = VersionCeiling + 1;
        return this with { Version = version, VersionCeiling = held ? version + VersionBlock : version, UpdatedAt = now, Revision = Revision + 1 };
    }

    private Operation EndCanceled(DateTimeOffset now)
    {
        OperationError error = OperationErrors.Canceled;
        return End(OperationState.Canceled, error.Code, error.Detail, error, now);
    }

    private Operation EndBadly(OperationError error, DateTimeOffset now) => End(OperationState.Failed, error.Code, error.Detail, error, now);

    private Operation End(OperationState state, int status, string message, OperationError? error, DateTimeOffset now)
    {
        DateTimeOffset kept = ExpiresAt > now ? ExpiresAt.Value : now + Retention;
        Operation ended = Become(state, now);
        return ended with
        {
            EndVersion = ended.Version,
            Progress = 100,
            Status = status,
            Message = message,
            Error = error,
            Activity = null,
            EndedAt = now,
            ExpiresAt = DeleteWhenEnded ? now : kept,
            LeaseUntil = null,
            Checkpoint = null,
        };
    }
}

/// <summary>What a running attempt has reported and shown since the last write to the store.</summary>
/// <param name="Progress">Percent, 0..99.</param>
/// <param name="Activity">What it is doing now.</param>
/// <param name="Version">The newest version shown.</param>
/// <param name="At">When it was reported.</param>
internal readonly record struct LiveProgress(int Progress, string? Activity, long Version, DateTimeOffset At);
