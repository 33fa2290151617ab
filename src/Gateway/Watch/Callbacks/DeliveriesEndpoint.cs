using Microsoft.AspNetCore.Http;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Watch.Callbacks;

/// <summary>Messages and their tries, whatever they belong to; and sending them again.</summary>
internal sealed class DeliveriesEndpoint(OperationLookup lookup, IDeliveryStore store, BaseUri baseUri, TimeProvider time)
{
    private static readonly Problem NotFound = new(404, "not-found", "Not found", "There is no such message, or it is not yours to see. Messages are removed some time after they were delivered.");

    private static readonly Problem SubscriptionGone = Problems.Conflict("The subscription that the message belongs to is gone, and with it the secret that would sign it.");

    public Task ListAsync(HttpContext context) => ListAsync(context, Filter(context));

    public async Task ListOfOperationAsync(HttpContext context)
    {
        LiveOperation live = await lookup.RequireAsync(context);
        await ListAsync(context, Filter(context) with { Operation = live.Key });
    }

    public Task ListOfSubscriptionAsync(HttpContext context, Subscription subscription) => ListAsync(context, Filter(context) with { Subscription = subscription.Id });

    public async Task GetAsync(HttpContext context) => await WriteAsync(context, StatusCodes.Status200OK, await FindAsync(context, MessageAccesses.See(context)));

    /// <summary>The answer shows the message as it waits now; it may have arrived by the time that is read.</summary>
    public async Task RedeliverAsync(HttpContext context)
    {
        Delivery delivery = await FindAsync(context, MessageAccesses.Change(context));
        DateTimeOffset now = time.GetUtcNow();
        if (!await store.RedeliverAsync(delivery, now))
        {
            throw new ProblemException(SubscriptionGone);
        }

        await WriteAsync(context, StatusCodes.Status202Accepted, delivery with { State = DeliveryState.Pending, DueAt = now });
    }

    /// <summary>Without a state it means the dead ones.</summary>
    public async Task RedeliverManyAsync(HttpContext context)
    {
        DeliveryFilter filter = Filter(context) with { Owner = Caller.Of(context).ChangedOwner };
        int count = await store.RedeliverAsync(filter.States.Count > 0 ? filter : filter with { States = [DeliveryState.Dead] }, time.GetUtcNow());
        await JsonAnswer.WriteAsync(context, StatusCodes.Status202Accepted, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("redelivered"u8, count);
            json.WriteEndObject();
        });
    }

    public Task WriteAsync(HttpContext context, int status, Delivery delivery) =>
        JsonAnswer.WriteAsync(context, status, json => DeliveryJson.Write(json, delivery, baseUri.Of(context.Request)));

    private async Task ListAsync(HttpContext context, DeliveryFilter filter)
    {
        int size = Paging.Size(context.Request.Query);
        IReadOnlyList<Delivery> found = await store.ListAsync(filter, Paging.Before(context.Request.Query), size + 1, context.RequestAborted);
        string root = baseUri.Of(context.Request);
        await JsonAnswer.WritePageAsync(context, "deliveries", found, size, delivery => Paging.Token(delivery.Number), (json, delivery) => DeliveryJson.Write(json, delivery, root));
    }

    private static DeliveryFilter Filter(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        return new DeliveryFilter
        {
            Owner = Caller.Of(context).SeenOwner,
            Types = Caller.Of(context).Types,
            States = query["state"].Select(State).ToArray(),
            Operation = SubmissionOptions.Single(query, "operation") is not { } uri ? null
                : HubUri.Key(uri) ?? throw Bad("'operation' must be a status URI, or its path."),
            Subscription = SubmissionOptions.Single(query, "subscription")?.Split('/')[^1],
        };
    }

    private static DeliveryState State(string? name) =>
        DeliveryJson.TryState(name, out DeliveryState state) ? state : throw Bad("'state' must be pending, delivered, dead or refused; repeat it for several.");

    private async Task<Delivery> FindAsync(HttpContext context, MessageAccess access) =>
        await store.FindAsync(access, IdOf(context), context.RequestAborted) ?? throw new ProblemException(NotFound);

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["delivery"]!;

    private static ProblemException Bad(string detail) => new(Problems.BadRequest(detail));
}
