using System.Text.RegularExpressions;

namespace RealtimeOps.E2ETests.Support;

/// <summary>What a reader would copy out of a page.</summary>
internal static partial class Markdown
{
    /// <summary>The code blocks of that language.</summary>
    public static string[] Blocks(string markdown, string language) =>
        [.. Block().Matches(markdown).Where(block => block.Groups["language"].Value == language).Select(block => block.Groups["code"].Value)];

    [GeneratedRegex("^```(?<language>\\w+)\n(?<code>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Block();
}
