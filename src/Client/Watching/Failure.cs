namespace RealtimeOps.Client.Watching;

/// <summary>What a failed connection means for what follows.</summary>
internal static class Failure
{
    /// <summary>It was answered, but not as this way of waiting needs.</summary>
    public static HttpRequestException Refusal(string message) => new(HttpRequestError.InvalidResponse, message);

    public static HttpRequestException Silence(string message) => new(HttpRequestError.ConnectionError, message);

    /// <summary>Whether another way of waiting, or another try, may work. A token that fired without the caller's doing is the HttpClient's time limit.</summary>
    public static bool IsMendable(Exception failure, CancellationToken caller) =>
        !caller.IsCancellationRequested && failure is ProblemException { IsHopeless: false } or HttpRequestException or IOException or OperationCanceledException;

    /// <summary>Whether it says something about the way of waiting. A server out of reach or overburdened says nothing.</summary>
    public static bool IsRefusal(Exception failure) => failure is ProblemException { IsPassing: false } or HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse };

    public static TimeSpan? RetryAfter(Exception failure) => (failure as ProblemException)?.RetryAfter;

    /// <summary>As the caller is told in the end.</summary>
    public static Exception Final(Exception failure) => failure is ProblemException or HttpRequestException ? failure : new HttpRequestException("The server is out of reach.", failure);
}
