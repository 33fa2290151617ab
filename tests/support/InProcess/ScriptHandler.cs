using RealtimeOps.Execution;

namespace RealtimeOps.TestSupport.InProcess;

/// <summary>What the test's own operation type does.</summary>
public delegate Task<OperationResult> Script(ScriptInput input, OperationContext context, CancellationToken cancellationToken);

/// <summary>An input with nothing to it.</summary>
public sealed record ScriptInput
{
    public string? Text { get; init; }

    public int? Number { get; init; }
}

/// <summary>Lets a test be the handler.</summary>
internal sealed class ScriptHandler(Script script) : IOperationHandler<ScriptInput, OperationResult>
{
    public const string Type = "test.script";

    public Task<OperationResult> HandleAsync(ScriptInput input, OperationContext context, CancellationToken cancellationToken) => script(input, context, cancellationToken);
}
