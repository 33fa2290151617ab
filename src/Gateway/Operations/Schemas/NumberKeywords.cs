using System.Text.Json;

namespace RealtimeOps.Operations.Schemas;

/// <summary>The keywords that constrain numbers.</summary>
internal sealed class NumberKeywords(JsonElement schema)
{
    private static readonly (string Keyword, string Wording, Func<int, bool> Admits)[] Comparisons =
    [
        ("minimum", "at least", order => order >= 0),
        ("maximum", "at most", order => order <= 0),
        ("exclusiveMinimum", "more than", order => order > 0),
        ("exclusiveMaximum", "less than", order => order < 0),
    ];

    private readonly Bound[] _bounds =
    [
        .. from comparison in Comparisons
           where schema.TryGetProperty(comparison.Keyword, out _)
           let limit = schema.GetProperty(comparison.Keyword)
           select new Bound(JsonNumber.Of(limit), $"{comparison.Wording} {limit.GetRawText()}", comparison.Admits),
    ];

    public static IEnumerable<string> Names => Comparisons.Select(comparison => comparison.Keyword);

    public void Check(JsonElement value, JsonPointer at, InputFaults faults)
    {
        if (_bounds.Length == 0)
            return;
        JsonNumber number = JsonNumber.Of(value);
        foreach (Bound bound in _bounds)
        {
            if (!bound.Admits(JsonNumber.Compare(number, bound.Limit)))
                faults.Add(at, $"must be {bound.Wording}, but is {Wording.Excerpt(value)}");
        }
    }

    private sealed record Bound(JsonNumber Limit, string Wording, Func<int, bool> Admits);
}
