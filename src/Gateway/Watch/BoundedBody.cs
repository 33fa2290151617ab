using Microsoft.AspNetCore.Http;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>Reads a small body whole. What is too long is left unread, for the server to drain, so that the client can read its answer.</summary>
internal static class BoundedBody
{
    /// <exception cref="PayloadTooLargeException">The body is longer than <paramref name="limit"/> bytes.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            throw new PayloadTooLargeException(limit);
        }

        byte[] buffer = new byte[request.ContentLength is { } length ? (int)length : 4096];
        int count = 0;
        while (true)
        {
            if (count == buffer.Length)
            {
                if (request.ContentLength is not null)
                {
                    return buffer;
                }

                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, limit + 1L));
            }

            int read = await request.Body.ReadAsync(buffer.AsMemory(count), cancellationToken);
            count += read;
            if (count > limit)
            {
                throw new PayloadTooLargeException(limit);
            }

            if (read == 0)
            {
                return buffer[..count];
            }
        }
    }
}
