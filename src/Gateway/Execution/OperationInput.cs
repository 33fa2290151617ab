using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>An input as it was submitted.</summary>
/// <param name="Content">The bytes, from the beginning; seekable.</param>
/// <param name="MediaType">The media type with its parameters, as the client named it.</param>
/// <param name="Length">Bytes.</param>
public sealed record OperationInput(Stream Content, string MediaType, long Length)
{
    /// <summary>Of a relayed request.</summary>
    internal RequestHead? Head { get; init; }
}
