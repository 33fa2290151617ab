using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using RealtimeOps.Hosting.Security;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>Reads the operation out of a status URI.</summary>
internal static class HubUri
{
    private static readonly Uri AnyServer = new("http://localhost/");

    public static OperationKey? Key(string? uri) =>
        Uri.TryCreate(AnyServer, uri, out Uri? absolute)
        && absolute.Scheme is "http" or "https"
        && absolute.AbsolutePath.Split('/') is [.., "operations", var type, var id]
        && OperationKey.IsType(type)
        && OperationKey.IsId(id)
            ? new OperationKey(type, id)
            : null;

    /// <summary>The token of a signed link; null when the URI has none.</summary>
    public static string? Link(string uri) =>
        Uri.TryCreate(AnyServer, uri, out Uri? absolute) && QueryHelpers.ParseQuery(absolute.Query).TryGetValue(SignedLinks.Parameter, out StringValues token) ? token.ToString() : null;
}
