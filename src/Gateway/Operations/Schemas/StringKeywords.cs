using System.Text.Json;
using System.Text.RegularExpressions;

namespace RealtimeOps.Operations.Schemas;

/// <summary>The keywords that constrain strings.</summary>
internal sealed class StringKeywords
{
    public static readonly string[] Names = ["minLength", "maxLength", "format", "contentEncoding", "pattern"];

    private static readonly TimeSpan BacktrackingTimeout = TimeSpan.FromSeconds(1);

    private readonly CountRange _length;
    private readonly TextFormat? _format;
    private readonly string? _pattern;
    private readonly Regex? _regex;

    public StringKeywords(JsonElement schema)
    {
        _length = new CountRange(schema, "minLength", "maxLength", "character");
        if (schema.TryGetProperty("format", out JsonElement format) || schema.TryGetProperty("contentEncoding", out format))
            _format = TextFormat.Named(format.GetString()!);
        if (schema.TryGetProperty("pattern", out JsonElement pattern))
        {
            _pattern = pattern.GetString()!;
            _regex = Compile(_pattern);
        }
    }

    public void Check(JsonElement value, JsonPointer at, InputFaults faults)
    {
        // What has not the form at all need not hear of its length or of the pattern that the exporter writes beside some formats.
        if (_format?.Reads(value) == false)
        {
            faults.Add(at, $"must be {_format.Description}, but is {Wording.Excerpt(value)}");
            return;
        }
        string text = value.GetString()!;
        _length.Check(text.Length - text.Count(char.IsLowSurrogate), at, faults); // JSON Schema counts characters, not UTF-16 units
        if (PatternFaultOf(text) is { } fault)
            faults.Add(at, $"{fault} the pattern {_pattern}, but is {Wording.Excerpt(value)}");
    }

    private string? PatternFaultOf(string text)
    {
        try
        {
            return _regex?.IsMatch(text) == false ? "must match" : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return "must match in reasonable time";
        }
    }

    private static Regex Compile(string pattern)
    {
        // In .NET "$" is also before a line feed at the end, in JSON Schema only at the end.
        string anchored = pattern.EndsWith('$') ? pattern[..^1] + @"\z" : pattern;
        try
        {
            return new Regex(anchored, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout);
        }
        catch (NotSupportedException)
        {
            // Look-around and back-references need backtracking, which can take for ever.
            return new Regex(anchored, RegexOptions.CultureInvariant, BacktrackingTimeout);
        }
    }
}
