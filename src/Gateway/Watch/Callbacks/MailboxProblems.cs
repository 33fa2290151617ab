using RealtimeOps.Hosting;

namespace RealtimeOps.Watch.Callbacks;

/// <summary>What can be wrong with a mailbox.</summary>
internal static class MailboxProblems
{
    /// <summary>Seconds: messages are acknowledged by people's programs, not by a machine in a hurry.</summary>
    private const int RetryFullAfter = 30;

    public static readonly Problem NotFound = new(404, "not-found", "Not found", "There is no such mailbox, or it is not yours to see.");

    public static readonly Problem NoMessage = new(404, "not-found", "Not found", "There is no such message in this mailbox, or it has been acknowledged.");

    public static readonly Problem Taken = Problems.Conflict("The mailbox name is taken. Use another one. Nothing was accepted.");

    /// <summary>429, since the caller's own readers are behind: stock clients honour its <c>Retry-After</c>, and it is no fault of the server.</summary>
    public static Problem Full(string name, int capacity) =>
        new(429, "mailbox-full", "Mailbox full", $"The mailbox '{name}' holds {capacity} messages, as many as it may. Nothing was accepted. Acknowledge some, or name another mailbox.")
        {
            RetryAfter = RetryFullAfter,
            Extensions = json =>
            {
                json.WriteString("mailbox"u8, name);
                json.WriteNumber("capacity"u8, capacity);
            },
        };
}
