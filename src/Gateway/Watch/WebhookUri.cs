using System.Text.RegularExpressions;
using RealtimeOps.Hosting;

namespace RealtimeOps.Watch;

/// <summary>How the target of a callback may be spelt.</summary>
internal static partial class WebhookUri
{
    private const int MaxLength = 2048;

    /// <summary>Answers the URI as given.</summary>
    /// <exception cref="ProblemException">It is no http or https URI and no mailbox.</exception>
    public static string Check(string text)
    {
        bool good = text.Length <= MaxLength
            && (Mailbox().IsMatch(text)
                || (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
                    && uri.Scheme is "https" or "http"
                    && uri is { Host.Length: > 0, UserInfo: "" }));
        return good
            ? text
            : throw new ProblemException(new Problem(
                400, "bad-webhook", "Webhook not usable", "'webhook' must be an absolute http or https URI without user information, or mailbox:NAME. Nothing was accepted.")
            {
                Extensions = json => InvalidInput.Write(json, [new Operations.Schemas.InputFault("/webhook", "must be an absolute http or https URI, or mailbox:NAME")]),
            });
    }

    [GeneratedRegex(@"\Amailbox:[A-Za-z0-9_-][A-Za-z0-9._~-]{0,127}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Mailbox();
}
