using System.Net;
using Shouldly;
using Xunit;

namespace RealtimeOps.TestSupport.Promises;

/// <summary>
/// Asks again what got no answer, and what was answered that it may: 502 and 504 of a proxy, 503 and 504 of a gateway. So whatever it asks must be repeatable: GET, PUT, or POST
/// with an Idempotency-Key. Any other failure is the test's.
/// </summary>
/// <param name="choose">The door for the next try.</param>
public sealed class PersistentClient(Func<GatewayClient> choose) : IPersistentClient
{
    private int _lost;
    private int _refused;

    /// <summary>Requests that got no answer.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>Requests that were refused for the moment.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public async Task<T> AskAsync<T>(Func<GatewayClient, Task<T>> request)
    {
        CancellationToken ended = TestContext.Current.CancellationToken;
        while (true)
        {
            try
            {
                T answer = await request(choose());
                if (answer is not Answer { Code: 502 or 503 or 504 } refusal)
                {
                    return answer;
                }

                Interlocked.Increment(ref _refused);
                (refusal.Code == 503 && refusal["Retry-After"] is null && refusal["Server"] is null).ShouldBeFalse("A 503 without Retry-After: " + refusal.Text);
            }
            catch (HttpRequestException refused) when (refused.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
            {
                Interlocked.Increment(ref _refused);
            }
            catch (Exception lost) when (lost is HttpRequestException { StatusCode: null } or IOException or OperationCanceledException or TimeoutException or ObjectDisposedException && !ended.IsCancellationRequested)
            {
                Interlocked.Increment(ref _lost);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(50, 250)), TimeProvider.System, ended);
        }
    }
}
