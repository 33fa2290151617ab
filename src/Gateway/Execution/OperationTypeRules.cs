using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting.Settings;

namespace RealtimeOps.Execution;

/// <summary>The rules of a type that stand under <c>Operations:TYPE</c> override those of the program. Types made from the configuration are there too, so none is registered by name.</summary>
internal sealed class OperationTypeRules(IConfiguration configuration) : IPostConfigureOptions<OperationTypeOptions>
{
    public const string Section = "Operations";

    public void PostConfigure(string? name, OperationTypeOptions options) => SettingsReading.Bind(configuration, PathOf(name), options);

    public static string PathOf(string? type) => $"{Section}:{type}";
}
