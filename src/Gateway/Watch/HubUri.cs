using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>Reads the operation out of a status URI.</summary>
internal static class HubUri
{
    private const string Marker = "/operations/";

    public static OperationKey? Key(string? uri)
    {
        string path = Uri.TryCreate(uri, UriKind.Absolute, out Uri? absolute) && absolute.Scheme is "http" or "https" ? absolute.AbsolutePath : uri ?? "";
        int start = path.LastIndexOf(Marker, StringComparison.Ordinal);
        string[] parts = start < 0 ? [] : path[(start + Marker.Length)..].Split('/');
        return parts.Length == 2 && OperationKey.IsType(parts[0]) && OperationKey.IsId(parts[1]) ? new OperationKey(parts[0], parts[1]) : null;
    }
}
