using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>An engine that this program has, under the name that the setting <c>Engine</c> gives it.</summary>
internal sealed record EngineRegistration(string Name, Func<IServiceProvider, IExecutionEngine> Resolve);

/// <summary>Which of the program's engines runs the operations: the one that is named, else the one that was added last.</summary>
internal sealed class EngineChoice(IEnumerable<EngineRegistration> engines, IConfiguration configuration) : IValidateOptions<RealtimeOpsOptions>
{
    private const string Hangfire = "hangfire";

    private readonly EngineRegistration[] _engines = [.. engines];

    public EngineRegistration Choose(RealtimeOpsOptions options) => _engines.Last(engine => options.Engine is null || engine.Name == options.Engine);

    public ValidateOptionsResult Validate(string? name, RealtimeOpsOptions options) =>
        options.Engine is not null && _engines.All(engine => engine.Name != options.Engine)
            ? ValidateOptionsResult.Fail(options.Engine == Hangfire
                ? "Engine is 'hangfire', which is not part of this program: build it with UseHangfire=true."
                : $"Engine is '{options.Engine}'; this program has {string.Join(" and ", _engines.Select(engine => $"'{engine.Name}'"))}.")
        : Choose(options).Name != Hangfire && configuration.GetSection("Recurring").GetChildren().Any()
            ? ValidateOptionsResult.Fail("Recurring operations need the Hangfire engine.")
        : ValidateOptionsResult.Success;
}
