namespace RealtimeOps.Client;

/// <summary>What a submission says beside its input. All of it may be left out.</summary>
public sealed record SubmitOptions
{
    /// <summary>
    /// The operation's id: 1 to 128 letters, digits, '.', '_', '~' or '-'. Submitting again under the same id starts nothing new, and with another input it is refused
    /// (409). Default: a new one that sorts by time.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>1 to 255 printable ASCII characters, instead of an id: the server chooses that, and starts nothing new for the same key. With another input it is refused (422).</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>What to write on the operation, to find it by: at most 32; names of 1 to 64 letters, digits, '.', '_' or '-', values of at most 256 characters.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>How long it must wait before it starts, ten years at most; to the millisecond. Excludes <see cref="NotBefore"/>.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Before when it must not start, ten years ahead at most. Excludes <see cref="Delay"/>.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>How long the server keeps it after its end, ten years at most. Default: the server's own, a day unless configured otherwise.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>Where the server sends the final Status: an absolute URI, or <c>mailbox:NAME</c>.</summary>
    public string? Webhook { get; init; }

    /// <summary>How long the answer may wait for the end: whole seconds, 60 at most. Default: not at all. The time limit of the <see cref="HttpClient"/> must be longer.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>
    /// For how long it is tried again while the server is out of reach or overburdened. However often, the operation starts once. Default 15 seconds; zero: one try. An input from a
    /// stream that cannot be sought is sent once.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);
}
