using System.Net.Http.Headers;

namespace RealtimeOps.Client;

/// <summary>An outcome as it is stored, or a part of it. Dispose it: it holds a connection.</summary>
public sealed class OperationContent : IDisposable
{
    private readonly HttpResponseMessage _response;

    internal OperationContent(HttpResponseMessage response, Stream stream) => (_response, Stream) = (response, stream);

    /// <summary>The bytes, read from the network as you read them.</summary>
    public Stream Stream { get; }

    /// <summary>The media type that the handler gave it.</summary>
    public MediaTypeHeaderValue? MediaType => _response.Content.Headers.ContentType;

    /// <summary>How many bytes come, if the server says so.</summary>
    public long? Length => _response.Content.Headers.ContentLength;

    /// <summary>Which part this is, and of how much, when a part was asked for and given; null for the whole.</summary>
    public ContentRangeHeaderValue? Range => _response.Content.Headers.ContentRange;

    /// <summary>Its strong entity tag: the same for the same bytes.</summary>
    public EntityTagHeaderValue? ETag => _response.Headers.ETag;

    /// <inheritdoc/>
    public void Dispose() => _response.Dispose();
}
