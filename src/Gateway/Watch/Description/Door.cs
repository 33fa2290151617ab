namespace RealtimeOps.Watch.Description;

/// <summary>What the OpenAPI document says of a route, beside what the route itself knows: its method, path, summary and scopes. It stands in the route's metadata. Names are those of the files in <c>Parts</c>.</summary>
/// <param name="Id">Its name in generated clients.</param>
/// <param name="Tag">The chapter.</param>
/// <param name="Description">What the summary leaves open.</param>
internal sealed record Door(string Id, string Tag, string Description)
{
    /// <summary>Headers and query parameters; those of the path are known.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>What its body may be, by media type.</summary>
    public IReadOnlyList<Content> Body { get; init; } = [];

    public required IReadOnlyList<DoorAnswer> Answers { get; init; }

    /// <summary>Problems of its own; those that follow from the route are added.</summary>
    public IReadOnlyList<int> Problems { get; init; } = [];

    /// <summary>It can name who is called back.</summary>
    public bool TakesWebhook { get; init; }
}

/// <summary>An answer that is no problem.</summary>
/// <param name="Code">The HTTP status.</param>
/// <param name="Description">When it is given.</param>
/// <param name="Contents">Its body; none for an empty one.</param>
internal sealed record DoorAnswer(int Code, string Description, params IReadOnlyList<Content> Contents)
{
    public IReadOnlyList<string> Headers { get; init; } = [];
}

/// <summary>A body.</summary>
/// <param name="Schema">A name in <c>schemas.json</c>.</param>
/// <param name="MediaType">How it is written.</param>
internal sealed record Content(string Schema, string MediaType = "application/json")
{
    private const string Events = "text/event-stream";

    public static readonly Content Status = new("Status");
    public static readonly Content Bytes = new("Bytes", "*/*");

    /// <summary>A Status, or a stream of them: as the client asks.</summary>
    public static readonly Content[] StatusOrStream = [Status, new("StatusEvents", Events), new("StatusLines", "application/jsonl")];

    public static readonly Content[] ListOrFeed = [new("OperationList"), new("FeedEvents", Events)];

    public static readonly Content[] MessagesOrStream = [new("MailboxMessages"), new("MessageEvents", Events)];
}
