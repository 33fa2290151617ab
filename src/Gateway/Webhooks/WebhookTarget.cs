using System.Text;
using System.Text.RegularExpressions;

namespace RealtimeOps.Webhooks;

/// <summary>How the target of a callback may be spelt: an http or https URI, or a mailbox.</summary>
internal static partial class WebhookTarget
{
    private const int MaxLength = 2048;
    private const string MailboxPrefix = "mailbox:";

    public static bool IsMailbox(string target) => target.Length <= MaxLength && MailboxPattern().IsMatch(target);

    /// <summary>The target that stands for a mailbox; also its lane.</summary>
    public static string Mailbox(string name) => MailboxPrefix + name;

    /// <summary>The name of the mailbox that an accepted target, or a lane, stands for; null when it is to be called.</summary>
    public static string? MailboxOf(string? target) =>
        target is not null && target.StartsWith(MailboxPrefix, StringComparison.Ordinal) ? target[MailboxPrefix.Length..] : null;

    /// <summary>
    /// The URI to call; null when the text is none that can be. A host beyond ASCII has to come in punycode: what full-width digits or encircled letters
    /// are looked up as depends on the system.
    /// </summary>
    public static Uri? Parse(string text) =>
        text.Length <= MaxLength
        && Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
        && uri.Scheme is "https" or "http"
        && uri is { Host.Length: > 0, UserInfo: "" }
        && Ascii.IsValid(uri.Host)
            ? uri
            : null;

    /// <summary>What shares a limit of concurrent tries: scheme, host and port. A mailbox stands for itself.</summary>
    public static string LaneOf(string target) => Parse(target) is { } uri ? $"{uri.Scheme}://{uri.IdnHost}:{uri.Port}" : target;

    [GeneratedRegex(@"\Amailbox:[A-Za-z0-9_-][A-Za-z0-9._~-]{0,127}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MailboxPattern();
}
