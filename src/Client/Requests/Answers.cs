using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace RealtimeOps.Client.Requests;

/// <summary>Reads answers. Something between here and the server may have answered in its own way: then only the code counts.</summary>
internal static class Answers
{
    /// <exception cref="ProblemException">The answer is no success.</exception>
    public static async Task EnsureSuccessAsync(this HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new ProblemException(response.StatusCode, await ReadProblemAsync(response, cancellationToken), response.RetryAfter(time));
        }
    }

    /// <exception cref="ProblemException">The answer is no success.</exception>
    /// <exception cref="HttpRequestException">It is none of the gateway's: a login page, say.</exception>
    public static async Task<OperationStatus> ReadStatusAsync(this HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        await response.EnsureSuccessAsync(time, cancellationToken);
        return Understand(OperationStatus.Parse, await response.Content.ReadAsStringAsync(cancellationToken), response.StatusCode);
    }

    /// <exception cref="HttpRequestException">The text is not what the gateway would say.</exception>
    public static T Understand<T>(Func<string, T> parse, string text, HttpStatusCode? code = null)
    {
        try
        {
            return parse(text);
        }
        catch (JsonException malformed)
        {
            throw new HttpRequestException(HttpRequestError.InvalidResponse, "The answer is none of a RealtimeOps gateway.", malformed, code);
        }
    }

    public static TimeSpan? RetryAfter(this HttpResponseMessage response, TimeProvider time) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date - time.GetUtcNow() is var wait => wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };

    private static async Task<Problem> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        Problem? problem = null;
        if (response.Content.Headers.ContentType is MediaTypeHeaderValue { MediaType: "application/problem+json" or "application/json" })
        {
            try
            {
                problem = JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(cancellationToken), ClientJson.Default.Problem);
            }
            catch (JsonException)
            {
                // Not the gateway's own words.
            }
        }

        return (problem ?? new Problem()) with { Status = (int)response.StatusCode };
    }
}
