using Microsoft.Extensions.Options;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;
using RealtimeOps.Watch.Callbacks;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Watch;

/// <summary>Submits an ended operation anew, whoever asks for it.</summary>
internal sealed class Resubmission(OperationTypes types, OperationFeed feed, QueuedOperations queued, IExecutionEngine engine, IMailboxStore mailboxes, IOptions<RealtimeOpsOptions> options, TimeProvider time)
{
    /// <summary>Answers the new operation, which the engine knows of already.</summary>
    /// <exception cref="ProblemException">It has not ended, its type is no longer known, or its mailbox is full.</exception>
    public async Task<LiveOperation> MakeAsync(LiveOperation ended, CancellationToken cancellationToken)
    {
        Operation known = await feed.ReadWholeAsync(ended);
        if (!known.State.IsFinal())
        {
            throw new ProblemException(Problems.Conflict("The operation has not ended; cancel it first if you want to run it anew."));
        }

        if (!types.TryFind(known.Key.Type, out _))
        {
            throw new ProblemException(Problems.UnknownType(known.Key.Type));
        }

        int capacity = options.Value.Mailboxes.Capacity;
        if (WebhookTarget.MailboxOf(known.Webhook) is { } mailbox && await mailboxes.CountAsync(new MessageAccess(known.Owner), mailbox, cancellationToken) >= capacity)
        {
            throw new ProblemException(MailboxProblems.Full(mailbox, capacity));
        }

        DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        LiveOperation successor = await feed.ResubmitAsync(ended, known.Resubmission(now) with { TraceParent = Telemetry.Keep(isPassedOn: known.Webhook is not null) }, now);
        queued.Add(known.Owner, 1);
        engine.Enqueue(WaitingOperation.Of(successor.Durable));
        return successor;
    }
}
