using System.Diagnostics.CodeAnalysis;

namespace RealtimeOps.Relay;

/// <summary>
/// Reads what a request asks for below its route from the very bytes that the client sent: the service gets the path as it was written. So whatever a server
/// behind might read as a way out (dot segments, empty ones, encoded or backward slashes, control characters, at any depth of encoding) is refused here.
/// </summary>
internal static class RelayPath
{
    private const int DeepestEncoding = 4;

    /// <summary>Splits the target of a request; the path is what lies below the first <paramref name="segments"/> segments.</summary>
    /// <param name="rawTarget">The request's target as it was sent, in origin or absolute form.</param>
    /// <param name="segments">How many segments belong to the gateway.</param>
    /// <param name="path">Empty, or with a slash in front.</param>
    /// <param name="query">With the question mark, or empty.</param>
    public static bool TryRead(string rawTarget, int segments, [NotNullWhen(true)] out string? path, [NotNullWhen(true)] out string? query)
    {
        (path, query) = (null, null);
        string target = WithoutAuthority(rawTarget);
        int mark = target.IndexOf('?', StringComparison.Ordinal);
        string whole = mark < 0 ? target : target[..mark];
        string[] parts = whole.Split('/');
        if (!target.All(IsWritten) || parts.Length <= segments || parts[0].Length > 0 || !AreSafe(parts.AsSpan(1)))
        {
            return false;
        }

        path = string.Concat(parts.Skip(segments + 1).Select(part => "/" + part));
        query = mark < 0 ? "" : target[mark..];
        return true;
    }

    private static string WithoutAuthority(string rawTarget)
    {
        int scheme = rawTarget.StartsWith('/') ? -1 : rawTarget.IndexOf("://", StringComparison.Ordinal);
        int path = scheme < 0 ? 0 : rawTarget.IndexOf('/', scheme + 3);
        return path < 0 ? "" : rawTarget[path..];
    }

    /// <summary>Printable ASCII that a URI may have; everything else has to come encoded.</summary>
    private static bool IsWritten(char c) => c is > ' ' and < (char)0x7f and not ('#' or '\\' or '"' or '<' or '>' or '^' or '`' or '{' or '|' or '}');

    /// <summary>A slash at the end makes the last part empty, and only that one may be.</summary>
    private static bool AreSafe(ReadOnlySpan<string> parts)
    {
        for (int i = 0; i < parts.Length; i++)
        {
            if ((parts[i].Length == 0 && i < parts.Length - 1) || !IsSafe(parts[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsSafe(string part)
    {
        for (int depth = 0; depth <= DeepestEncoding; depth++)
        {
            // What comes behind a semicolon, and white space around, some servers take off before they look for dots.
            string name = part.Split(';', 2)[0].Trim();
            if (name is "." or ".." || part.Any(c => c is '/' or '\\' || char.IsControl(c)))
            {
                return false;
            }

            string decoded = Uri.UnescapeDataString(part);
            if (decoded == part)
            {
                return true;
            }

            part = decoded;
        }

        return false;
    }
}
