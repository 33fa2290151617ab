using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Hosting;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Watch.Callbacks;

/// <summary>Who wants to read which mailbox, and how.</summary>
/// <param name="Access">What the caller may read.</param>
/// <param name="Name">The mailbox.</param>
/// <param name="Most">How many messages at once; on a stream, how many may be on their way without being acknowledged.</param>
/// <param name="Visibility">For how long what was read is not given out again.</param>
internal sealed partial record MailboxRequest(MessageAccess Access, string Name, int Most, TimeSpan Visibility)
{
    private const int DefaultVisibility = 30;
    private const int LongestVisibility = 600;

    /// <exception cref="ProblemException">Something is malformed.</exception>
    public static MailboxRequest Read(HttpContext context) =>
        new(MessageAccesses.Change(context), NameOf(context), Paging.Size(context.Request.Query), TimeSpan.FromSeconds(ReadVisibility(context.Request.Query)));

    public static string NameOf(HttpContext context)
    {
        string name = (string)context.Request.RouteValues["mailbox"]!;
        return WebhookTarget.IsMailbox(WebhookTarget.Mailbox(name))
            ? name
            : throw Bad("The name is malformed: 1 to 128 letters, digits, '.', '_', '~' or '-', not beginning with '.' or '~'.");
    }

    /// <summary>Whether the text is spelt like the id of a message.</summary>
    public static bool IsMessageId(string text) => MessageId().IsMatch(text);

    public static ProblemException Bad(string detail) => new(Problems.BadRequest(detail));

    private static int ReadVisibility(IQueryCollection query) =>
        SubmissionOptions.Single(query, "visibility") is not { } text ? DefaultVisibility
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds is >= 1 and <= LongestVisibility ? seconds
        : throw Bad($"'visibility' must be 1 to {LongestVisibility} seconds.");

    [GeneratedRegex(@"\Amsg_[0-9a-hjkmnp-tv-z]{26}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MessageId();
}
