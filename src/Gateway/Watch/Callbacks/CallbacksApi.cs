using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RealtimeOps.Hosting.Security;
using RealtimeOps.Watch.Description;

namespace RealtimeOps.Watch.Callbacks;

/// <summary>The table of the routes of callbacks.</summary>
internal static class CallbacksApi
{
    private const string Subscription = "/subscriptions/{subscription}";
    private const string Mailbox = "/mailboxes/{mailbox}";

    public static void MapCallbacks(this IEndpointRouteBuilder routes)
    {
        var subscriptions = routes.ServiceProvider.GetRequiredService<SubscriptionsEndpoint>();
        var deliveries = routes.ServiceProvider.GetRequiredService<DeliveriesEndpoint>();
        var mailboxes = routes.ServiceProvider.GetRequiredService<MailboxesEndpoint>();

        routes.Get("/subscriptions", subscriptions.ListAsync, "List subscriptions", AccessRules.Read, CallbackDoors.ListSubscriptions);
        routes.Map(HttpMethods.Post, "/subscriptions", subscriptions.CreateAsync, "Subscribe to operations", AccessRules.Manage, CallbackDoors.Subscribe);
        routes.Get(Subscription, subscriptions.GetAsync, "Read a subscription", AccessRules.Read, CallbackDoors.ReadSubscription);
        routes.Map(HttpMethods.Patch, Subscription, subscriptions.PatchAsync, "Change filters, renew", AccessRules.Manage, CallbackDoors.ChangeSubscription);
        routes.Map(HttpMethods.Delete, Subscription, subscriptions.DeleteAsync, "Unsubscribe", AccessRules.Manage, CallbackDoors.Unsubscribe);
        routes.Map(HttpMethods.Post, Subscription + "/pause", subscriptions.PauseAsync, "Keep messages instead of sending them", AccessRules.Manage, CallbackDoors.Pause);
        routes.Map(HttpMethods.Post, Subscription + "/resume", subscriptions.ResumeAsync, "Send again, beginning with what was kept", AccessRules.Manage, CallbackDoors.Resume);
        routes.Map(HttpMethods.Post, Subscription + "/test", subscriptions.TestAsync, "Send a test message", AccessRules.Manage, CallbackDoors.Test);
        routes.Map(HttpMethods.Post, Subscription + "/rotate-secret", subscriptions.RotateSecretAsync, "Replace the secret", AccessRules.Manage, CallbackDoors.RotateSecret);
        routes.Get(Subscription + "/deliveries", subscriptions.ListDeliveriesAsync, "List the messages of a subscription", AccessRules.Read, CallbackDoors.ListOfSubscription);
        routes.Get("/deliveries", deliveries.ListAsync, "List webhook messages", AccessRules.Read, CallbackDoors.ListDeliveries);
        routes.Get("/deliveries/{delivery}", deliveries.GetAsync, "Read a webhook message and its tries", AccessRules.Read, CallbackDoors.ReadDelivery);
        routes.Map(HttpMethods.Post, "/deliveries/{delivery}/redeliver", deliveries.RedeliverAsync, "Send a message again", AccessRules.Manage, CallbackDoors.Redeliver);
        routes.Map(HttpMethods.Post, "/deliveries/redeliver", deliveries.RedeliverManyAsync, "Send messages again", AccessRules.Manage, CallbackDoors.RedeliverMany);
        routes.Get("/mailboxes", mailboxes.ListAsync, "List mailboxes", AccessRules.Read, CallbackDoors.ListMailboxes);
        // No HEAD: what is read is hidden from others for a while.
        routes.Map(HttpMethods.Get, Mailbox, mailboxes.ReadAsync, "Read, await or watch the messages of a mailbox", AccessRules.Read, CallbackDoors.ReadMailbox);
        routes.Map(HttpMethods.Delete, Mailbox, mailboxes.AcknowledgeUpToAsync, "Acknowledge all messages up to one", AccessRules.SubmitOrManage, CallbackDoors.AcknowledgeUpTo);
        routes.Get(Mailbox + "/{message}", mailboxes.GetAsync, "Look at a message", AccessRules.Read, CallbackDoors.ReadMessage);
        routes.Map(HttpMethods.Delete, Mailbox + "/{message}", mailboxes.AcknowledgeAsync, "Acknowledge a message", AccessRules.SubmitOrManage, CallbackDoors.Acknowledge);
    }
}
