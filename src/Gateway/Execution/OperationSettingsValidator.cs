using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting.Settings;

namespace RealtimeOps.Execution;

/// <summary>Refuses rules for operation types that this program does not have.</summary>
internal sealed class OperationSettingsValidator(IReadOnlyList<string> types, IConfiguration configuration) : IValidateOptions<ExecutionOptions>
{
    public ValidateOptionsResult Validate(string? name, ExecutionOptions options)
    {
        string[] faults = [.. configuration.GetSection(OperationTypeRules.Section).GetChildren()
            .Where(rules => !types.Contains(rules.Key, StringComparer.OrdinalIgnoreCase))
            .Select(rules => SettingsReading.Unknown(rules.Path, OperationTypeRules.Section, types).Text)];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
