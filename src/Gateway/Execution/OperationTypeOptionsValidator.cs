using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting.Settings;

namespace RealtimeOps.Execution;

/// <summary>Checks the rules of every operation type, registered by the program or made from a relay route.</summary>
internal sealed class OperationTypeOptionsValidator(IConfiguration configuration) : IValidateOptions<OperationTypeOptions>
{
    public ValidateOptionsResult Validate(string? name, OperationTypeOptions options)
    {
        string place = OperationTypeRules.PathOf(name);
        var annotated = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), annotated, validateAllProperties: true);
        List<string> faults =
        [
            .. SettingsReading.Faults(configuration, place, typeof(OperationTypeOptions)).Select(fault => fault.Text),
            .. annotated.Select(fault => $"{place}: {fault.ErrorMessage}"),
        ];
        if (options.EffectiveRetryDelays.Any(delay => delay < TimeSpan.Zero))
        {
            faults.Add($"{place}:RetryDelays must not be negative.");
        }

        if (options.Timeout <= TimeSpan.Zero)
        {
            faults.Add($"{place}:Timeout must be above zero.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
