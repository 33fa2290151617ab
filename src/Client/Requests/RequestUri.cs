using System.Globalization;
using System.Text;
using System.Text.Json;

namespace RealtimeOps.Client.Requests;

/// <summary>Puts URIs of the gateway together.</summary>
internal sealed class RequestUri
{
    private readonly StringBuilder _text;
    private char _separator = '?';

    /// <param name="baseAddress">Where the gateway is; a path in it counts, with or without a slash at its end.</param>
    /// <param name="segments">What follows, not escaped yet.</param>
    public RequestUri(Uri? baseAddress, params ReadOnlySpan<string> segments)
    {
        Uri root = baseAddress ?? throw new InvalidOperationException("Set the HttpClient's BaseAddress to where the gateway is.");
        _text = new StringBuilder(root.GetLeftPart(UriPartial.Path).TrimEnd('/'));
        foreach (string segment in segments)
        {
            _text.Append('/').Append(Uri.EscapeDataString(segment));
        }
    }

    public static RequestUri Collection(Uri? baseAddress, string? type)
    {
        if (type is null)
        {
            return new RequestUri(baseAddress, "operations");
        }

        // What is no type could change the path that it is put into.
        return type.Length > 0 && char.IsAsciiLetterLower(type[0])
            ? new RequestUri(baseAddress, "operations", type)
            : throw new ArgumentException($"'{type}' is no operation type: it begins with a small letter.", nameof(type));
    }

    /// <summary>What belongs to an operation, such as its result. A query, such as a signature, stays.</summary>
    public static Uri Below(Uri operation, string name)
    {
        string text = operation.IsAbsoluteUri ? operation.AbsoluteUri : operation.OriginalString;
        int end = text.IndexOfAny(['?', '#']);
        (string path, string query) = end < 0 ? (text, "") : (text[..end], text[end..]);
        return new Uri($"{path.TrimEnd('/')}/{name}{query}", UriKind.RelativeOrAbsolute);
    }

    /// <summary>The operation of that id.</summary>
    public RequestUri Below(string id)
    {
        OperationId.Check(id);
        _text.Append('/').Append(id);
        return this;
    }

    public RequestUri With(string name, string? value)
    {
        if (value is not null)
        {
            _text.Append(_separator).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            _separator = '&';
        }

        return this;
    }

    public RequestUri With(string name, DateTimeOffset? instant) => With(name, instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    public RequestUri WithTags(IReadOnlyDictionary<string, string> tags)
    {
        foreach ((string name, string value) in tags)
        {
            With("tag." + name, value);
        }

        return this;
    }

    public RequestUri WithFilter(OperationFilter filter)
    {
        foreach (OperationState state in filter.States)
        {
            With("state", JsonNamingPolicy.CamelCase.ConvertName(state.ToString()));
        }

        return WithTags(filter.Tags).With("createdAfter", filter.CreatedAfter).With("createdBefore", filter.CreatedBefore);
    }

    public Uri Build() => new(_text.ToString());
}
