using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace RealtimeOps.Api;

/// <summary>Failures of the start that the operator can mend: told in a sentence, not in a stack trace.</summary>
internal static class StartupFailure
{
    public static string? Explain(Exception failure) => failure switch
    {
        StartupException known => known.Message,
        OptionsValidationException options => Faults(options.Failures),
        AggregateException several when several.InnerExceptions.All(inner => inner is OptionsValidationException) =>
            Faults(several.InnerExceptions.Cast<OptionsValidationException>().SelectMany(options => options.Failures)),
        AggregateException several => string.Join(" ", several.InnerExceptions.Select(Explain).OfType<string>()) is { Length: > 0 } all ? all : null,
        IOException { InnerException: AddressInUseException } busy => busy.Message + " Choose another address with --urls.",
        SocketException socket => "The address cannot be listened on: " + socket.Message + ". Choose another one with --urls.",
        { InnerException: { } inner } => Explain(inner),
        _ => null,
    };

    /// <summary>Options that cannot be made without others repeat their faults.</summary>
    private static string Faults(IEnumerable<string> faults) =>
        "The configuration has faults:" + string.Concat(faults.Distinct(StringComparer.Ordinal).Select(fault => Environment.NewLine + "  " + fault));
}
