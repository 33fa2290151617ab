using System.Globalization;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>Judges, before a submission's body is read, whether its caller and the server have room for it. What was accepted before may be repeated when there is none: nothing new comes of it.</summary>
internal sealed class Admission(MemoryGuard memory, SubmissionRate rate, QueuedOperations queued, IOperationStore store)
{
    /// <summary>Answers the place in the caller's queue; to be kept when the operation is accepted.</summary>
    /// <param name="context">The submission.</param>
    /// <param name="noStream">Why the stream that it wants for an answer cannot be.</param>
    /// <param name="key">The key that the client chose.</param>
    /// <param name="idempotencyKey">The caller's own name for the submission.</param>
    /// <exception cref="ProblemException">There is no room.</exception>
    public async ValueTask<QueuePlace> EnterAsync(HttpContext context, Problem? noStream, OperationKey? key = null, string? idempotencyKey = null)
    {
        var caller = Caller.Of(context);
        object pacingKey = caller.PacingKey(context);
        Problem? tooFast = rate.Admit(context.Response, pacingKey);
        Problem? refusal = tooFast ?? memory.Refusal ?? noStream;
        if (refusal is null && queued.TryEnter(caller.Owner))
        {
            return new QueuePlace(queued, caller.Owner, isTaken: true);
        }

        // Looking it up costs the store something: past the rate that has a rate of its own.
        bool mayBeKnown = (key is not null || idempotencyKey is not null) && (tooFast is null || rate.AdmitRepetition(pacingKey));
        return mayBeKnown && await IsKnownAsync(caller.Owner, key, idempotencyKey, context.RequestAborted)
            ? new QueuePlace(queued, caller.Owner, isTaken: false)
            : throw new ProblemException(refusal ?? QueueFull(queued.Limit));
    }

    private async Task<bool> IsKnownAsync(string owner, OperationKey? key, string? idempotencyKey, CancellationToken cancellationToken) =>
        key is { } chosen ? await store.FindAsync(chosen, cancellationToken) is { } known && known.Owner == owner
        : idempotencyKey is not null && await store.FindByIdempotencyKeyAsync(owner, idempotencyKey, cancellationToken) is not null;

    private static Problem QueueFull(int limit) => new(429, "queue-full", "The queue is full", string.Create(
        CultureInfo.InvariantCulture, $"{limit} operations of this caller are waiting, as many as may (Limits:QueuedPerCaller). Nothing was accepted; come back when some have started, or cancel some."))
    {
        RetryAfter = 5,
        Extensions = json => json.WriteNumber("limit"u8, limit),
    };
}

/// <summary>A place among what the caller has waiting; given back unless it is kept.</summary>
internal sealed class QueuePlace(QueuedOperations queued, string owner, bool isTaken) : IDisposable
{
    private bool _isSettled;

    /// <summary>The operation was accepted and leaves its place by itself.</summary>
    public void Keep()
    {
        _isSettled = true;
        if (!isTaken)
        {
            queued.Add(owner, 1);
        }
    }

    public void Dispose()
    {
        if (isTaken && !_isSettled)
        {
            _isSettled = true;
            queued.Add(owner, -1);
        }
    }
}
