namespace RealtimeOps.Watch.Description;

/// <summary>The descriptions of the routes of operations.</summary>
internal static class OperationDoors
{
    private const string Operations = "Operations";
    private const string Lifetime = "Lifetime";

    private static readonly string[] Waiting = ["ETag", "Link", "Retry-After", "Preference-Applied"];
    private static readonly string[] Polled = [.. Waiting, "RateLimit", "RateLimit-Policy"];
    private static readonly string[] Submitted = ["Location", "Operation-Location", .. Polled];
    private static readonly string[] Wishes = ["newTags", "delay", "notBefore", "ttl", "webhook", "profile", "prefer"];
    private static readonly string[] Filters = ["states", "tags", "createdAfter", "createdBefore", "pageSize", "pageToken", "lastEventId", "lastEventIdInQuery"];
    private static readonly Content[] AnyInput = [new("AnyJson"), Content.Bytes];

    public static readonly Door Submit = new(
        "submit", Operations,
        "The body is the operation's input. By the time of the 202 it is on disk: it will end, whatever crashes. With `Accept: text/event-stream` or `application/jsonl` the answer is a stream on this connection, to the end.")
    {
        Parameters = [.. Wishes, "idempotencyKey"],
        Body = AnyInput,
        Answers = SubmissionAnswers,
        Problems = [409, 413, 415, 422, 429],
        TakesWebhook = true,
    };

    public static readonly Door SubmitAs = new(
        "submitAs", Operations,
        "As POST, under an id of your choice. Idempotent: the same id and input again answers the present Status and starts nothing; another input is 409 with the `differences`.")
    {
        Parameters = Wishes,
        Body = AnyInput,
        Answers = SubmissionAnswers,
        Problems = [409, 410, 413, 415, 429],
        TakesWebhook = true,
    };

    public static readonly Door List = Listing("listOperations");
    public static readonly Door ListOfType = Listing("listOperationsOfType");

    public static readonly Door Read = new(
        "readOperation", Operations,
        "202 while it is unfinished, 200 when it has ended. With `Prefer: wait=N` the answer is held until it has ended or, with `If-None-Match`, until it differs. A stream of snapshots with `Accept: text/event-stream` or `application/jsonl`. Plain polls are paced: 429 past the allowance.")
    {
        Parameters = ["prefer", "ifNoneMatch", "lastEventId", "lastEventIdInQuery", "profile"],
        Answers =
        [
            new(200, "It has ended; or a stream.", Content.StatusOrStream) { Headers = Polled },
            new(202, "It has not ended.", Content.Status) { Headers = Polled },
            new(204, "Of a stream: you have the end already; do not come back."),
            new(304, "It is still as you know it.") { Headers = Polled },
        ],
        Problems = [410, 429],
    };

    public static readonly Door Result = new("readResult", Operations, "The bytes that the handler made, in their own media type, with ranges and a strong `ETag`. When it did not succeed: 422, or 409 when it was canceled, with the reason.")
    {
        Parameters = ["ifNoneMatch", "range"],
        Answers =
        [
            new(200, "The outcome.", Content.Bytes) { Headers = ["ETag"] },
            new(202, "It has not ended; `Location` is this.", Content.Status) { Headers = ["Location", .. Waiting] },
            new(204, "It succeeded without an outcome to read."),
            new(206, "The range.", Content.Bytes) { Headers = ["ETag", "Content-Range"] },
            new(304, "It is what you have.") { Headers = ["ETag"] },
        ],
        Problems = [409, 410, 416, 422],
    };

    public static readonly Door Input = new("readInput", Operations, "The bytes as they were submitted, with ranges and a strong `ETag`.")
    {
        Parameters = ["ifNoneMatch", "range"],
        Answers =
        [
            new(200, "The input.", Content.Bytes) { Headers = ["ETag"] },
            new(206, "The range.", Content.Bytes) { Headers = ["ETag", "Content-Range"] },
            new(304, "It is what you have.") { Headers = ["ETag"] },
        ],
        Problems = [410, 416],
    };

    public static readonly Door History = new("readHistory", Operations, "Transitions, activities, attempts, tries to call back, and who waited how.")
    {
        Answers = [new(200, "The history.", new Content("History"))],
        Problems = [410],
    };

    public static readonly Door Deliveries = new("listDeliveriesOfOperation", Operations, "The messages that told, or should tell, of this operation.")
    {
        Parameters = ["deliveryStates", "pageSize", "pageToken"],
        Answers = [new(200, "A page of messages.", new Content("DeliveryList"))],
        Problems = [410],
    };

    public static readonly Door MakeLink = new("makeLink", Operations, "For pages without a login: good for the Status in every way of waiting, for nothing else, and until it ends. It cannot be taken back.")
    {
        Body = [new("Expiry")],
        Answers = [new(201, "The link.", new Content("Link")) { Headers = ["Location"] }],
        Problems = [410, 413, 415],
    };

    public static readonly Door Cancel = new("cancelOperation", Lifetime, "Cooperative: `canceled` is shown once the handler has really stopped.")
    {
        Answers = [new(202, "It was asked to stop, or has stopped.", Content.Status) { Headers = Waiting }],
        Problems = [409, 410],
    };

    public static readonly Door Resubmit = new("resubmitOperation", Lifetime, "A new operation; the two link to each other.")
    {
        Parameters = ["profile", "prefer"],
        Answers = SubmissionAnswers,
        Problems = [409, 410, 429],
    };

    public static readonly Door MoveExpiry = new("moveExpiry", Lifetime, "Keeps an operation longer or shorter.")
    {
        Body = [new("Expiry")],
        Answers = [new(200, "The Status, and the server's time.", new Content("StatusAfterMove")) { Headers = ["ETag", "Link"] }],
        Problems = [410, 413, 415],
    };

    public static readonly Door Delete = new("deleteOperation", Lifetime, "What is gone answers 410 for a while, then 404.")
    {
        Answers =
        [
            new(202, "It runs, and goes when it has stopped.", Content.Status) { Headers = Waiting },
            new(204, "It is gone."),
        ],
        Problems = [410],
    };

    private static DoorAnswer[] SubmissionAnswers =>
    [
        new(200, "With `Prefer: wait`, or when it is not new: it has ended.", Content.Status) { Headers = Submitted },
        new(202, "Accepted.", Content.StatusOrStream) { Headers = Submitted },
    ];

    private static Door Listing(string id) => new(
        id, Operations,
        "Newest first, a page at a time. With `Accept: text/event-stream`, a feed of all changes that goes on where you were.")
    {
        Parameters = Filters,
        Answers = [new(200, "A page; or the feed.", Content.ListOrFeed)],
        Problems = [429],
    };
}
