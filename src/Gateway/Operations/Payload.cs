namespace RealtimeOps.Operations;

/// <summary>An input or a result at rest: in the store's row when small, else in a file of the store.</summary>
/// <param name="MediaType">As submitted, with its parameters.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Data">The bytes, when they are kept in the row.</param>
/// <param name="File">The store's name of the file, when they are not.</param>
/// <param name="Sha256">Tells equal payloads without reading them again.</param>
internal sealed record Payload(string MediaType, long Length, byte[]? Data, string? File, byte[] Sha256)
{
    /// <summary>Of the input of a relayed operation.</summary>
    public RequestHead? Head { get; init; }
}
