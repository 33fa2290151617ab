using System.Text.Json;

namespace RealtimeOps.Operations.Schemas;

/// <summary>The keywords <c>enum</c> and <c>const</c>: the values there are.</summary>
internal sealed class SchemaValues(JsonElement[] values)
{
    private const int MaxListed = 20;

    /// <summary>Why a value is none of them, or null when it is one.</summary>
    public string? FaultOf(JsonElement value)
    {
        if (values.Any(one => JsonDifference.Compare(one, value).Count == 0))
            return null;
        string listed = string.Join(", ", values.Take(MaxListed).Select(Wording.Excerpt)) + (values.Length > MaxListed ? ", …" : "");
        return $"must be {(values.Length > 1 ? "one of " : "")}{listed}, but is {Wording.Excerpt(value)}";
    }
}
