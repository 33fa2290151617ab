using Microsoft.Extensions.Options;
using RealtimeOps.Operations;
using RealtimeOps.Operations.Schemas;

namespace RealtimeOps.Execution;

/// <summary>A type as the program registered it; with the configured rules it becomes an <see cref="OperationType"/>.</summary>
internal sealed record OperationRegistration(string Name, string Description, IReadOnlyList<string> MediaTypes, InputSchema? Schema, OperationInvoker Invoker)
{
    /// <summary>The relay route through which its requests come.</summary>
    public string? Route { get; init; }

    public OperationType ToType(IOptionsMonitor<OperationTypeOptions> options)
    {
        OperationTypeOptions rules = options.Get(Name);
        return new OperationType
        {
            Name = Name,
            Description = Description,
            MediaTypes = MediaTypes,
            Schema = Schema,
            MaxInputLength = rules.MaxInputLength,
            Retries = rules.Retries,
            RetryDelays = rules.EffectiveRetryDelays,
            Timeout = rules.Timeout,
            Concurrency = rules.Concurrency,
            Queue = rules.Queue,
            Route = Route,
        };
    }
}
