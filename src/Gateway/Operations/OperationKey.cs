using System.Text.RegularExpressions;

namespace RealtimeOps.Operations;

/// <summary>Names one operation: its type and its id, as they stand in the status URI.</summary>
/// <param name="Type">The operation type, <c>[a-z][a-z0-9.-]{0,63}</c>.</param>
/// <param name="Id">The id within the type, <c>[A-Za-z0-9_-][A-Za-z0-9._~-]{0,127}</c>.</param>
public readonly partial record struct OperationKey(string Type, string Id)
{
    /// <summary>Tells whether <paramref name="type"/> is spelt like an operation type.</summary>
    /// <param name="type">The text to look at.</param>
    public static bool IsType(string type) => TypePattern().IsMatch(type);

    /// <summary>Tells whether <paramref name="id"/> is spelt like an operation id.</summary>
    /// <param name="id">The text to look at.</param>
    public static bool IsId(string id) => IdPattern().IsMatch(id);

    /// <summary>The path of the status URI, below the gateway's base URI.</summary>
    public string Path => $"/operations/{Type}/{Id}";

    /// <inheritdoc/>
    public override string ToString() => $"{Type}/{Id}";

    [GeneratedRegex(@"\A[a-z][a-z0-9.-]{0,63}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_-][A-Za-z0-9._~-]{0,127}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IdPattern();
}
