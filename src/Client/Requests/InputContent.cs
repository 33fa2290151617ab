using System.Net;
using System.Net.Http.Headers;

namespace RealtimeOps.Client.Requests;

/// <summary>The caller's stream as the body of a request; unlike <see cref="StreamContent"/> it leaves the stream open, so that it can be sent again from where it began.</summary>
internal sealed class InputContent : HttpContent
{
    private readonly Stream _stream;
    private readonly long _start;

    public InputContent(Stream stream, long start, MediaTypeHeaderValue mediaType)
    {
        (_stream, _start) = (stream, start);
        Headers.ContentType = mediaType;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (_stream.CanSeek)
        {
            _stream.Position = _start;
        }

        return _stream.CopyToAsync(stream, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _stream.CanSeek ? _stream.Length - _start : 0;
        return _stream.CanSeek;
    }
}
