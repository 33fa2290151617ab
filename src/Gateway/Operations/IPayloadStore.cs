namespace RealtimeOps.Operations;

/// <summary>Where inputs and results are kept. A payload counts only once a store row names it; until then it is staged.</summary>
internal interface IPayloadStore
{
    /// <summary>Takes bytes in from a stream in constant memory. What is staged and never named by a row is removed at the next start.</summary>
    /// <exception cref="PayloadTooLargeException">The stream is longer than <paramref name="limit"/>.</exception>
    /// <exception cref="StoreUnavailableException">The disk refuses to be written.</exception>
    Task<Payload> StageAsync(string mediaType, Stream content, long limit, CancellationToken cancellationToken);

    /// <summary>As the other one, for bytes at hand.</summary>
    ValueTask<Payload> StageAsync(string mediaType, byte[] content);

    /// <summary>As the other one, for a producer that wants to write.</summary>
    Task<Payload> StageAsync(string mediaType, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>A seekable stream over the payload's bytes; the caller disposes of it.</summary>
    Stream Open(Payload payload);

    /// <summary>Removes a payload that no row names.</summary>
    void Discard(Payload payload);
}

/// <summary>The body is longer than what may be accepted.</summary>
internal sealed class PayloadTooLargeException(long limit) : Exception($"The body is longer than {limit} bytes.")
{
    public long Limit => limit;
}
