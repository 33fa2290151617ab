using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;
using RealtimeOps.Watch.Callbacks;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Watch;

/// <summary>POST and PUT: checks, stores, tells the engine, answers. The 202 leaves only after the operation is on disk.</summary>
internal sealed class SubmitEndpoint(
    OperationTypes types,
    IOperationStore store,
    IPayloadStore payloads,
    OperationFeed feed,
    IExecutionEngine engine,
    Admission admission,
    SubmissionReader reader,
    SubmissionComparer comparer,
    SubmissionAnswer answer,
    BaseUri baseUri,
    TargetRules targets,
    IHostApplicationLifetime lifetime,
    IOptions<RealtimeOpsOptions> options,
    TimeProvider time)
{
    public Task HandleAsync(HttpContext context) => HandleAsync(context, head: null);

    /// <summary>Submits a request that came through a relay route, for whose type it is.</summary>
    public Task RelayAsync(HttpContext context, RequestHead head) => HandleAsync(context, head);

    private async Task HandleAsync(HttpContext context, RequestHead? head)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new ProblemException(Problems.ShuttingDown);
        }

        string typeName = (string)context.Request.RouteValues["type"]!;
        if (!types.TryFind(typeName, out OperationType? type))
        {
            throw new ProblemException(Problems.UnknownType(typeName));
        }

        if (type.Route is { } route && head is null)
        {
            throw new ProblemException(Problems.RelayedOnly(typeName, route));
        }

        string? ownId = context.Request.RouteValues["id"] as string;
        OperationKey? ownKey = ownId is null ? null : OperationKey.IsId(ownId) ? new OperationKey(typeName, ownId) : throw new ProblemException(MalformedId);

        DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        SubmissionOptions wishes = SubmissionOptions.Read(context.Request, now, options.Value, targets);
        Problem? noStream = answer.TryOpenStream(context, out IDisposable? streamPlace);
        using IDisposable? stream = streamPlace;
        using QueuePlace place = await admission.EnterAsync(context, noStream, ownKey, wishes.IdempotencyKey);
        if (ownKey is { } chosen && await ProblemOfTombstoneAsync(context, chosen) is { } problem)
        {
            throw new ProblemException(problem);
        }

        (Payload input, string? webhook) = await reader.ReadAsync(context, type);
        input = input with { Head = head };
        var operation = new Operation
        {
            Key = ownKey ?? new OperationKey(typeName, OperationId.New(now)),
            Owner = Caller.Of(context).Owner,
            BaseUri = baseUri.Of(context.Request),
            CreatedAt = now,
            UpdatedAt = now,
            DueAt = wishes.DueAt,
            Retention = wishes.Retention,
            Tags = wishes.Tags,
            IdempotencyKey = ownKey is null ? wishes.IdempotencyKey : null,
            Webhook = webhook ?? wishes.Webhook,
            TraceParent = Telemetry.Keep(isPassedOn: head is not null || (webhook ?? wishes.Webhook) is not null),
        };
        await SubmitAsync(context, type, operation, input, place, stream);
    }

    private async Task SubmitAsync(HttpContext context, OperationType type, Operation operation, Payload input, QueuePlace place, IDisposable? stream)
    {
        AcceptResult accepted;
        try
        {
            accepted = await store.AcceptAsync(operation, input);
        }
        catch (StoreUnavailableException)
        {
            payloads.Discard(input);
            throw;
        }

        if (accepted.Refusal is { } refusal)
        {
            payloads.Discard(input);
            throw new ProblemException(refusal switch
            {
                AcceptRefusal.Gone => await ProblemOfTombstoneAsync(context, operation.Key) ?? Problems.Gone,
                AcceptRefusal.MailboxFull => MailboxProblems.Full(WebhookTarget.MailboxOf(operation.Webhook)!, options.Value.Mailboxes.Capacity),
                _ => MailboxProblems.Taken,
            });
        }

        if (accepted.IsNew)
        {
            place.Keep();
            feed.Add(accepted.Operation);
            engine.Enqueue(WaitingOperation.Of(accepted.Operation));
            await answer.WriteAsync(context, new OperationStatus(accepted.Operation), stream);
            return;
        }

        try
        {
            await RequireSameAsync(context, type, accepted.Operation, operation, input);
        }
        finally
        {
            payloads.Discard(input);
        }

        place.Dispose();
        await answer.WriteReplayAsync(context, accepted.Operation.Key, stream);
    }

    private async Task<Problem?> ProblemOfTombstoneAsync(HttpContext context, OperationKey key)
    {
        string? owner = await store.FindTombstoneAsync(key, time.GetUtcNow(), context.RequestAborted);
        return owner is null ? null : owner == Caller.Of(context).Owner ? Problems.Gone : Taken;
    }

    private async Task RequireSameAsync(HttpContext context, OperationType type, Operation known, Operation submitted, Payload input)
    {
        bool byKey = submitted.IdempotencyKey is not null;
        if (known.Owner != submitted.Owner)
        {
            throw new ProblemException(Taken);
        }

        if (known.IsExpired(time.GetUtcNow()))
        {
            throw new ProblemException(Problems.Gone);
        }

        IReadOnlyList<string> differences = known.Key.Type == submitted.Key.Type
            ? await comparer.CompareAsync(known, input, submitted.Webhook, type.Schema is not null, context.RequestAborted)
            : [""];
        if (differences.Count > 0)
        {
            throw new ProblemException(byKey
                ? Differs(422, "idempotency-key-reused", "The Idempotency-Key was used for another submission; 'differences' says where the inputs differ. Use a new key for a new operation.", differences)
                : Differs(409, "id-taken", "The id belongs to an operation with another input or webhook; 'differences' says where. Use a new id for a new operation.", differences));
        }
    }

    private static Problem MalformedId =>
        Problems.BadRequest("The id is malformed: 1 to 128 letters, digits, '.', '_', '~' or '-', not beginning with '.' or '~'. Nothing was accepted.");

    private static Problem Taken => Problems.Conflict("The id is taken. Use another one.");

    private static Problem Differs(int status, string name, string detail, IReadOnlyList<string> differences) =>
        new(status, name, "Another submission", detail)
        {
            Extensions = json =>
            {
                json.WriteStartArray("differences"u8);
                foreach (string pointer in differences)
                {
                    json.WriteStringValue(pointer);
                }

                json.WriteEndArray();
            },
        };
}
