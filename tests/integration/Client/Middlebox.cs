using System.Collections.Concurrent;
using System.Net;

namespace RealtimeOps.IntegrationTests.Client;

/// <summary>What may stand between a client and its gateway. Notes each request, and may answer it or spoil its answer.</summary>
internal sealed class Middlebox(Func<HttpRequestMessage, Func<Task<HttpResponseMessage>>, CancellationToken, Task<HttpResponseMessage>> pass)
    : DelegatingHandler(new SocketsHttpHandler())
{
    private readonly ConcurrentQueue<string> _seen = new();

    /// <summary>How each request waited: <c>sse</c>, <c>longpoll</c> or the method.</summary>
    public IReadOnlyCollection<string> Seen => _seen;

    public static Middlebox Transparent() => new((_, send, _) => send());

    public static bool IsStream(HttpRequestMessage request) => request.Headers.Accept.Any(type => type.MediaType == "text/event-stream");

    public static bool IsLongPoll(HttpRequestMessage request) => request.Method == HttpMethod.Get && request.Headers.Contains("Prefer");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _seen.Enqueue(IsStream(request) ? "sse" : IsLongPoll(request) ? "longpoll" : request.Method.Method);
        return pass(request, () => base.SendAsync(request, cancellationToken), cancellationToken);
    }
}

/// <summary>Answers by hand.</summary>
internal static class Answers
{
    public static HttpResponseMessage Of(HttpStatusCode code, string? retryAfter = null)
    {
        var response = new HttpResponseMessage(code);
        if (retryAfter is not null)
        {
            response.Headers.Add("Retry-After", retryAfter);
        }

        return response;
    }

    /// <summary>A stream whose head comes, and whose body never does.</summary>
    public static HttpResponseMessage HeldBack() => new(HttpStatusCode.OK)
    {
        Content = new StreamContent(new SilentStream()) { Headers = { ContentType = new("text/event-stream") } },
    };

    private sealed class SilentStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return 0;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }
    }
}
