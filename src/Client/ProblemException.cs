using System.Net;

namespace RealtimeOps.Client;

/// <summary>The server refused. Unless its code is 408, 425, 429 or from 500 up, asking again would change nothing.</summary>
public sealed class ProblemException : Exception
{
    internal ProblemException(HttpStatusCode statusCode, Problem problem, TimeSpan? retryAfter)
        : base(problem.Detail ?? problem.Title ?? $"The server answered {(int)statusCode}.") =>
        (StatusCode, Problem, RetryAfter) = (statusCode, problem, retryAfter);

    /// <summary>The HTTP status code of the answer.</summary>
    public HttpStatusCode StatusCode { get; }

    /// <summary>What the server says about it; without members but <see cref="Problem.Status"/> when something between here and the server answered.</summary>
    public Problem Problem { get; }

    /// <summary>After what time the server wants to be asked again, if it said so.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The server is overburdened or stopping, or this caller too fast: later the same request may succeed.</summary>
    internal bool IsPassing => StatusCode >= HttpStatusCode.InternalServerError || (int)StatusCode is 408 or 425 or 429;

    /// <summary>There is nothing to see for this caller, whichever way it asks.</summary>
    internal bool IsHopeless => (int)StatusCode is 401 or 403 or 404 or 410;
}
