namespace RealtimeOps.Watch.Description;

/// <summary>The descriptions of the routes of callbacks.</summary>
internal static class CallbackDoors
{
    private const string Subscriptions = "Subscriptions";
    private const string Deliveries = "Deliveries";
    private const string Mailboxes = "Mailboxes";

    private static readonly Content Subscription = new("Subscription");
    private static readonly Content Delivery = new("Delivery");
    private static readonly Content DeliveryList = new("DeliveryList");
    private static readonly string[] Paging = ["pageSize", "pageToken"];

    public static readonly Door ListSubscriptions = new("listSubscriptions", Subscriptions, "Newest first, a page at a time.")
    {
        Parameters = Paging,
        Answers = [new(200, "A page of subscriptions.", new Content("SubscriptionList"))],
    };

    public static readonly Door Subscribe = new("subscribe", Subscriptions, "Where the server has no `Webhooks:Secret`, it makes a secret and shows it in this answer only.")
    {
        Body = [new("NewSubscription")],
        Answers = [new(201, "It stands.", Subscription) { Headers = ["Location"] }],
        Problems = [409, 413, 415],
    };

    public static readonly Door ReadSubscription = new("readSubscription", Subscriptions, "Its secret is not shown again.") { Answers = [new(200, "The subscription.", Subscription)] };

    public static readonly Door ChangeSubscription = new("changeSubscription", Subscriptions, "What is absent stays as it is.")
    {
        Body = [new("SubscriptionChange")],
        Answers = [new(200, "As it is now.", Subscription)],
        Problems = [413, 415],
    };

    public static readonly Door Unsubscribe = new("unsubscribe", Subscriptions, "Its pending messages go with it.") { Answers = [new(204, "It is gone.")] };

    public static readonly Door Pause = new("pauseSubscription", Subscriptions, "Messages are kept until it is resumed; of the changes of an operation only the newest.") { Answers = [new(200, "Paused.", Subscription)] };

    public static readonly Door Resume = new("resumeSubscription", Subscriptions, "Also switches on what was switched off after failures.") { Answers = [new(200, "Active.", Subscription)] };

    public static readonly Door Test = new("testSubscription", Subscriptions, "The answer is the message; look at its `uri` what becomes of it.") { Answers = [new(202, "On its way.", Delivery) { Headers = ["Location"] }] };

    public static readonly Door RotateSecret = new("rotateSecret", Subscriptions, "The new secret is in this answer only; the old one signs along for 24 hours.")
    {
        Answers = [new(200, "With the new secret.", Subscription)],
        Problems = [409],
    };

    public static readonly Door ListOfSubscription = new("listDeliveriesOfSubscription", Subscriptions, "Newest first, a page at a time.")
    {
        Parameters = ["deliveryStates", .. Paging],
        Answers = [new(200, "A page of messages.", DeliveryList)],
    };

    public static readonly Door ListDeliveries = new("listDeliveries", Deliveries, "Newest first, a page at a time.")
    {
        Parameters = ["deliveryStates", "ofOperation", "ofSubscription", .. Paging],
        Answers = [new(200, "A page of messages.", DeliveryList)],
    };

    public static readonly Door ReadDelivery = new("readDelivery", Deliveries, "With every try so far.") { Answers = [new(200, "The message.", Delivery)] };

    public static readonly Door Redeliver = new("redeliver", Deliveries, "Whatever became of it before, under the same id.")
    {
        Answers = [new(202, "It waits to be sent.", Delivery)],
        Problems = [409],
    };

    public static readonly Door RedeliverMany = new("redeliverMany", Deliveries, "All that the filter names; without a state, the dead ones.")
    {
        Parameters = ["deliveryStates", "ofOperation", "ofSubscription"],
        Answers = [new(202, "How many.", new Content("Redelivery"))],
    };

    public static readonly Door ListMailboxes = new("listMailboxes", Mailboxes, "With how much is pending in each.")
    {
        Parameters = Paging,
        Answers = [new(200, "A page of mailboxes.", new Content("MailboxList"))],
    };

    public static readonly Door ReadMailbox = new(
        "readMailbox", Mailboxes,
        "Oldest first. What is read is hidden from other readers for `visibility` seconds and given again until it is acknowledged. `Prefer: wait=N` holds the answer until there is something; `Accept: text/event-stream` streams.")
    {
        Parameters = ["pageSize", "visibility", "prefer"],
        Answers = [new(200, "What is there; or a stream.", Content.MessagesOrStream) { Headers = ["Preference-Applied"] }],
        Problems = [429],
    };

    public static readonly Door AcknowledgeUpTo = new("acknowledgeUpTo", Mailboxes, "May be repeated.")
    {
        Parameters = ["upTo"],
        Answers = [new(204, "They do not come again.")],
    };

    public static readonly Door ReadMessage = new("readMessage", Mailboxes, "It stays where it is, and visible to others.") { Answers = [new(200, "The message.", new Content("MailboxMessage"))] };

    public static readonly Door Acknowledge = new("acknowledge", Mailboxes, "May be repeated.") { Answers = [new(204, "It does not come again.")] };
}
