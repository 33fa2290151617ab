using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RealtimeOps.Execution;

namespace RealtimeOps.Relay;

/// <summary>The rules of a relayed type stand under <c>Operations:TYPE</c>, as those of any other; which types there are is known only from the configuration.</summary>
internal sealed class RelayTypeRules(IConfiguration configuration) : IConfigureNamedOptions<OperationTypeOptions>
{
    public void Configure(OperationTypeOptions options)
    {
        // Rules belong to a type; there are none without a name.
    }

    public void Configure(string? name, OperationTypeOptions options)
    {
        if (configuration.GetSection("Relay:Routes").GetChildren().Any(route => (route["Type"] ?? RelayRoute.TypeOf(route["Path"] ?? "")) == name))
        {
            configuration.GetSection("Operations:" + name).Bind(options);
        }
    }
}
