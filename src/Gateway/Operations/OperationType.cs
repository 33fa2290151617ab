using System.Text.Json.Nodes;
using RealtimeOps.Operations.Schemas;

namespace RealtimeOps.Operations;

/// <summary>One kind of operation that the gateway accepts: how its input looks and under which rules it runs.</summary>
internal sealed record OperationType
{
    public required string Name { get; init; }

    public required string Description { get; init; }

    /// <summary>Accepted media types, without parameters.</summary>
    public required IReadOnlyList<string> MediaTypes { get; init; }

    /// <summary>Null when the input is not JSON.</summary>
    public InputSchema? Schema { get; init; }

    /// <summary>Bytes.</summary>
    public required long MaxInputLength { get; init; }

    public required int Retries { get; init; }

    /// <summary>Delays before the retries; the last one repeats.</summary>
    public required IReadOnlyList<TimeSpan> RetryDelays { get; init; }

    /// <summary>How long one attempt may run; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How many may run at once on this node; null for no limit.</summary>
    public int? Concurrency { get; init; }

    public required string Queue { get; init; }

    /// <summary>The relay route through which its requests come; null when it is submitted by its name.</summary>
    public string? Route { get; init; }

    public JsonObject? InputSchemaDocument => Schema?.Document;
}
