using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace RealtimeOps.Execution;

/// <summary>Checks the rules of every operation type, registered by the program or made from a relay route.</summary>
internal sealed class OperationTypeOptionsValidator(IConfiguration configuration) : IValidateOptions<OperationTypeOptions>
{
    public ValidateOptionsResult Validate(string? name, OperationTypeOptions options)
    {
        string place = "Operations:" + name;
        var annotated = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), annotated, validateAllProperties: true);
        var faults = annotated.Select(fault => $"{place}: {fault.ErrorMessage}").ToList();
        if (options.EffectiveRetryDelays.Any(delay => delay < TimeSpan.Zero))
        {
            faults.Add($"{place}:RetryDelays must not be negative.");
        }

        if (options.Timeout <= TimeSpan.Zero)
        {
            faults.Add($"{place}:Timeout must be above zero.");
        }

        if (configuration.GetSection(place + ":RetryDelays").GetChildren().Count() > options.RetryDelays.Count)
        {
            faults.Add($"{place}:RetryDelays holds what is no time span such as 00:00:05.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
