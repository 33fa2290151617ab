namespace RealtimeOps.Client;

/// <summary>Which operations; all by default.</summary>
public sealed record OperationFilter
{
    /// <summary>Of this type.</summary>
    public string? Type { get; init; }

    /// <summary>In one of these states; empty: in any.</summary>
    public IReadOnlyCollection<OperationState> States { get; init; } = [];

    /// <summary>With all of these tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Accepted after this instant.</summary>
    public DateTimeOffset? CreatedAfter { get; init; }

    /// <summary>Accepted before this instant.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }
}
