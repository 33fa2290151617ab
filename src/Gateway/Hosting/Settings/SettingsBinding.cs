using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace RealtimeOps.Hosting.Settings;

/// <summary>Binds options to the configuration, all faults told.</summary>
internal static class SettingsBinding
{
    /// <summary>As <c>BindConfiguration</c>, but unknown keys and values of the wrong form are faults of the options, found with all the others.</summary>
    public static OptionsBuilder<TOptions> BindSettings<TOptions>(this OptionsBuilder<TOptions> builder, string path)
        where TOptions : class
    {
        builder.Services.AddSingleton<IOptionsChangeTokenSource<TOptions>>(provider =>
            new ConfigurationChangeTokenSource<TOptions>(builder.Name, provider.GetRequiredService<IConfiguration>()));
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(provider =>
            new SettingsValidator<TOptions>(builder.Name, path, provider.GetRequiredService<IConfiguration>()));
        return builder.Configure<IConfiguration>((options, configuration) => SettingsReading.Bind(configuration, path, options));
    }
}
