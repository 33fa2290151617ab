using RealtimeOps.Client;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Xunit;

namespace RealtimeOps.IntegrationTests.Client;

/// <summary>Clients as programs have them, and short ways to read to an end.</summary>
internal static class Clients
{
    public static RealtimeOpsClient NewClient(this GatewayServer server, HttpMessageHandler? handler = null) =>
        new(new HttpClient(handler ?? new SocketsHttpHandler()) { BaseAddress = server.Client.Address });

    /// <summary>Everything to the end, within the limit.</summary>
    public static async Task<List<T>> ToListAsync<T>(this IAsyncEnumerable<T> items)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limits.Limit);
        var all = new List<T>();
        await foreach (T item in items.WithCancellation(limit.Token))
        {
            all.Add(item);
        }

        return all;
    }

    /// <summary>Reads until one is as wanted, which is answered too.</summary>
    public static async Task<List<T>> ReadUntilAsync<T>(this IAsyncEnumerator<T> items, Func<T, bool> wanted)
    {
        var all = new List<T>();
        do
        {
            if (!await items.MoveNextAsync().AsTask().Limited())
            {
                Assert.Fail("It ended before: " + string.Join('\n', all));
            }

            all.Add(items.Current);
        }
        while (!wanted(items.Current));

        return all;
    }
}
