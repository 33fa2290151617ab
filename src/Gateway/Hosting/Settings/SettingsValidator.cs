using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace RealtimeOps.Hosting.Settings;

/// <summary>Refuses a section that holds keys nobody reads, or values of the wrong form.</summary>
internal sealed class SettingsValidator<TOptions>(string optionsName, string path, IConfiguration configuration) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        if (name != optionsName)
        {
            return ValidateOptionsResult.Skip;
        }

        string[] faults = [.. SettingsReading.Faults(configuration, path, typeof(TOptions)).Select(fault => fault.Text)];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
