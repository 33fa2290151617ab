using System.CommandLine.Parsing;
using System.Globalization;
using System.Xml;

namespace RealtimeOps.Cli;

/// <summary>Reads what was typed.</summary>
internal static class Parsing
{
    /// <summary>One value; when it cannot be read, an error that says what is wanted.</summary>
    public static T? One<T>(ArgumentResult result, Func<string, T?> parse, string wanted)
    {
        string text = result.Tokens[^1].Value;
        if (parse(text) is { } value)
        {
            return value;
        }

        result.AddError($"'{text}' is not {wanted}.");
        return default;
    }

    /// <summary>Like <c>90s</c>, <c>15m</c>, <c>2h</c>, <c>1d</c>, or an ISO 8601 duration; null when it is neither.</summary>
    public static TimeSpan? Time(string text)
    {
        try
        {
            if (text.StartsWith('P'))
            {
                return XmlConvert.ToTimeSpan(text);
            }

            TimeSpan unit = text is [.., var letter] ? letter switch
            {
                's' => TimeSpan.FromSeconds(1),
                'm' => TimeSpan.FromMinutes(1),
                'h' => TimeSpan.FromHours(1),
                'd' => TimeSpan.FromDays(1),
                _ => TimeSpan.Zero,
            } : TimeSpan.Zero;
            return unit > TimeSpan.Zero && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count) ? unit * count : null;
        }
        catch (Exception odd) when (odd is FormatException or OverflowException)
        {
            return null;
        }
    }

    /// <summary><c>NAME=VALUE</c>, several times.</summary>
    public static Dictionary<string, string> Tags(ArgumentResult result)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string text in result.Tokens.Select(token => token.Value))
        {
            int sign = text.IndexOf('=', StringComparison.Ordinal);
            if (sign < 1)
            {
                result.AddError($"'{text}' is not NAME=VALUE.");
            }
            else
            {
                tags[text[..sign]] = text[(sign + 1)..];
            }
        }

        return tags;
    }
}
