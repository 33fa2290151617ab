using System.Net;
using System.Net.Http.Headers;
using Xunit;

namespace RealtimeOps.E2ETests.Crash;

/// <summary>An upload in pieces, as over a thin line, so that a crash finds some of them half way.</summary>
internal sealed class SlowContent : HttpContent
{
    private const int Piece = 32 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly byte[] _bytes;

    public SlowContent(byte[] bytes)
    {
        _bytes = bytes;
        Headers.ContentType = new MediaTypeHeaderValue("text/csv");
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        for (int start = 0; start < _bytes.Length; start += Piece)
        {
            await stream.WriteAsync(_bytes.AsMemory(start, Math.Min(Piece, _bytes.Length - start)), cancellationToken);
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }
}
