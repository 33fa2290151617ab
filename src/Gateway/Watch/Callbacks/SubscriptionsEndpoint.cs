using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Watch.Callbacks;

/// <summary>Subscriptions: standing wishes to be told, made and managed by their owner.</summary>
internal sealed class SubscriptionsEndpoint(
    ISubscriptionStore store,
    IDeliveryStore deliveries,
    DeliveriesEndpoint messages,
    SubscriptionReader reader,
    GatewaySecret gateway,
    BaseUri baseUri,
    IOptions<RealtimeOpsOptions> options,
    TimeProvider time)
{
    private static readonly Problem NotFound = new(404, "not-found", "Not found", "There is no such subscription, or it has expired, or it is not yours to see.");

    private static readonly Problem TooManySecrets =
        Problems.Conflict($"The secret has been replaced {Subscription.MostSecrets - 1} times within 24 hours; all of them still sign along. Try again later.");

    public async Task CreateAsync(HttpContext context)
    {
        DateTimeOffset now = Now();
        Func<Subscription, Subscription> fill = await reader.ReadAsync(context, isNew: true, now);
        string? secret = gateway.IsConfigured ? null : SigningSecret.New();
        Caller caller = Caller.Of(context);
        Subscription subscription = fill(new Subscription { Id = OperationId.New(now), Owner = caller.Owner, Webhook = "", CreatedAt = now, Secret = secret }).LimitTo(caller.Types);
        int most = options.Value.Webhooks.SubscriptionsPerCaller;
        switch (await store.AddAsync(subscription, most))
        {
            case AddResult.TooMany:
                throw new ProblemException(Problems.Conflict($"You have {most} subscriptions, which is as many as this server keeps for a caller. Delete one first."));
            case AddResult.MailboxTaken:
                throw new ProblemException(MailboxProblems.Taken);
        }

        context.Response.Headers.Location = SubscriptionJson.Uri(baseUri.Of(context.Request), subscription);
        await WriteAsync(context, StatusCodes.Status201Created, subscription, secret);
    }

    public async Task ListAsync(HttpContext context)
    {
        int size = Paging.Size(context.Request.Query);
        IReadOnlyList<Subscription> found = await store.ListAsync(Caller.Of(context).SeenOwner, Paging.BeforeText(context.Request.Query), time.GetUtcNow(), size + 1, context.RequestAborted);
        string root = baseUri.Of(context.Request);
        await JsonAnswer.WritePageAsync(
            context, "subscriptions", found, size, subscription => Paging.Token(subscription.Id), (json, subscription) => SubscriptionJson.Write(json, subscription, root));
    }

    public async Task GetAsync(HttpContext context) => await WriteAsync(context, StatusCodes.Status200OK, await FindAsync(context));

    public async Task PatchAsync(HttpContext context)
    {
        Func<Subscription, Subscription> change = await reader.ReadAsync(context, isNew: false, time.GetUtcNow());
        await ChangeAsync(context, change);
    }

    public Task PauseAsync(HttpContext context) => ChangeAsync(context, subscription => subscription.Pause());

    public Task ResumeAsync(HttpContext context) => ChangeAsync(context, subscription => subscription.Resume());

    public async Task DeleteAsync(HttpContext context)
    {
        context.Response.StatusCode = await store.RemoveAsync(Caller.Of(context).ChangedOwner, IdOf(context))
            ? StatusCodes.Status204NoContent
            : throw new ProblemException(NotFound);
    }

    /// <summary>The answer is the message, so that its maker can look what becomes of it.</summary>
    public async Task TestAsync(HttpContext context)
    {
        Subscription subscription = await FindAsync(context, Caller.Of(context).ChangedOwner);
        string root = baseUri.Of(context.Request);
        Delivery test = DeliveryPlan.Test(subscription, SubscriptionJson.Uri(root, subscription), root, Activity.Current?.Id, Now());
        await deliveries.RecordTestAsync(test);
        context.Response.Headers.Location = DeliveryJson.Uri(root, test);
        await messages.WriteAsync(context, StatusCodes.Status202Accepted, test);
    }

    public async Task RotateSecretAsync(HttpContext context)
    {
        await FindAsync(context, Caller.Of(context).ChangedOwner);
        string secret = SigningSecret.New();
        DateTimeOffset now = Now();
        Subscription rotated = await store.ChangeAsync(Caller.Of(context).ChangedOwner, IdOf(context), now, subscription => subscription.Rotate(secret, now))
            ?? throw new ProblemException(TooManySecrets);
        await WriteAsync(context, StatusCodes.Status200OK, rotated, secret);
    }

    public async Task ListDeliveriesAsync(HttpContext context) => await messages.ListOfSubscriptionAsync(context, await FindAsync(context));

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["subscription"]!;

    /// <summary>Whoever has been limited to types since it was made limits it with the change.</summary>
    private async Task ChangeAsync(HttpContext context, Func<Subscription, Subscription> change)
    {
        Caller caller = Caller.Of(context);
        await WriteAsync(
            context,
            StatusCodes.Status200OK,
            await store.ChangeAsync(caller.ChangedOwner, IdOf(context), time.GetUtcNow(), subscription => change(subscription).LimitTo(caller.Types)) ?? throw new ProblemException(NotFound));
    }

    private Task<Subscription> FindAsync(HttpContext context) => FindAsync(context, Caller.Of(context).SeenOwner);

    private async Task<Subscription> FindAsync(HttpContext context, string? owner) =>
        await store.FindAsync(owner, IdOf(context), time.GetUtcNow(), context.RequestAborted) ?? throw new ProblemException(NotFound);

    private Task WriteAsync(HttpContext context, int status, Subscription subscription, string? secret = null) =>
        JsonAnswer.WriteAsync(context, status, json => SubscriptionJson.Write(json, subscription, baseUri.Of(context.Request), secret));

    /// <summary>Instants are kept in whole milliseconds.</summary>
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
