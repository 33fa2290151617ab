using System.Text.RegularExpressions;
using RealtimeOps.Hosting;
using RealtimeOps.Operations.Schemas;

namespace RealtimeOps.Watch;

/// <summary>How the target of a callback may be spelt.</summary>
internal static partial class WebhookUri
{
    private const int MaxLength = 2048;

    public const string Wanted = "must be an absolute http or https URI without user information, or mailbox:NAME";

    /// <summary>Answers the URI as given.</summary>
    /// <exception cref="ProblemException">It is no http or https URI and no mailbox.</exception>
    public static string Check(string text) => IsUsable(text) ? text : throw new ProblemException(InvalidInput.Problem([new InputFault("/webhook", Wanted)]));

    public static bool IsUsable(string text) =>
        text.Length <= MaxLength
        && (Mailbox().IsMatch(text)
            || (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
                && uri.Scheme is "https" or "http"
                && uri is { Host.Length: > 0, UserInfo: "" }));

    [GeneratedRegex(@"\Amailbox:[A-Za-z0-9_-][A-Za-z0-9._~-]{0,127}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Mailbox();
}
