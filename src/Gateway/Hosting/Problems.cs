namespace RealtimeOps.Hosting;

/// <summary>The problems that more than one door answers with.</summary>
internal static class Problems
{
    public static readonly Problem NotFound = new(404, "not-found", "Not found", "There is no such operation, or it is not yours to see. Check the URI.");

    public static readonly Problem Gone = new(410, "gone", "Gone", "The operation expired or was deleted. Its outcome can no longer be read; submit it anew under another id if you need it.");

    public static readonly Problem ShuttingDown =
        new(503, "shutting-down", "Shutting down", "The server is shutting down and accepts nothing new. Nothing was accepted; try again.") { RetryAfter = 2 };

    public static readonly Problem StoreUnavailable =
        new(503, "store-unavailable", "The store cannot be written", "The server cannot store anything now. Nothing was accepted or changed; try again later.") { RetryAfter = 5 };

    public static readonly Problem OutcomeUnknown =
        new(504, "outcome-unknown", "The outcome is not known", "The store did not answer in time whether it has written this. Ask for the operation, or send the same again under the same id or Idempotency-Key: it is not started twice.") { RetryAfter = 5 };

    public static readonly Problem Unexpected =
        new(500, "unexpected", "Unexpected error", "The server failed to answer. The log has the details under the traceId.");

    public static Problem BadRequest(string detail) => new(400, "bad-request", "Bad request", detail);

    /// <summary>No credential, or none that is good.</summary>
    /// <param name="detail">What to do.</param>
    /// <param name="isInvalid">One was shown.</param>
    public static Problem Unauthorized(string detail, bool isInvalid) =>
        new(401, "unauthorized", "Unauthorized", detail) { Challenge = isInvalid ? "Bearer realm=\"realtimeops\", error=\"invalid_token\"" : "Bearer realm=\"realtimeops\"" };

    public static readonly Problem IssuerUnavailable =
        new(503, "issuer-unavailable", "The issuer cannot be reached", "The token cannot be judged, since its issuer does not answer. Nothing was accepted or changed; try again later.") { RetryAfter = 5 };

    public static Problem CredentialEnded => Unauthorized("The credential has expired or was revoked meanwhile.", isInvalid: true);

    public static Problem Forbidden(params IReadOnlyList<string> scopes) =>
        new(403, "forbidden", "Forbidden", $"The credential lacks the scope {string.Join(" or ", scopes)}, which this needs.")
        {
            Challenge = $"Bearer realm=\"realtimeops\", error=\"insufficient_scope\", scope=\"{string.Join(' ', scopes)}\"",
        };

    public static Problem ForeignOrigin(string origin) =>
        new(403, "foreign-origin", "Foreign origin", $"Pages of {Shorten(origin)} may not do this. Add it to Cors:Origins if they should.");

    public static Problem ForeignHost(string host) => new(
        403, "foreign-host", "Foreign host",
        $"This server has no credentials configured, so it answers under names of this machine only, and {Shorten(host)} is none. If it is meant to be reached so, set PublicUrl, AllowedHosts, or Proxies:Trusted.");

    public static Problem Conflict(string detail) => new(409, "conflict", "Conflict", detail);

    public static Problem UnknownType(string type) =>
        new(404, "unknown-type", "Unknown operation type", $"There is no operation type '{Shorten(type)}'. GET /operation-types lists them.");

    public static Problem RelayedOnly(string type, string route) => new(
        405, "method-not-allowed", "Method not allowed", $"Operations of type '{type}' are requests to a service: send PUT, POST or DELETE to {route}. Nothing was accepted.") { Allow = "GET, HEAD" };

    /// <summary>For answers that the framework makes without a body: an unknown path, a method that is not allowed.</summary>
    public static Problem ForStatus(int status) => status switch
    {
        404 => new(404, "not-found", "Not found", "Nothing is served at this path."),
        405 => new(405, "method-not-allowed", "Method not allowed", "This resource does not know the method; the Allow header lists those it knows."),
        408 => new(408, "request-timeout", "Request time-out", "The request did not arrive in time. Nothing was accepted."),
        413 => new(413, "too-large", "Too large", "The request is larger than the server accepts."),
        414 => new(414, "uri-too-long", "URI too long", "The request line is longer than the server accepts."),
        415 => new(415, "unsupported-media-type", "Unsupported media type", "The media type is not accepted here."),
        416 => new(416, "range-not-satisfiable", "Range not satisfiable", "The range lies outside of the content; Content-Range tells its length."),
        431 => new(431, "headers-too-large", "Headers too large", "The request's headers are larger than the server accepts."),
        < 500 => new(status, "bad-request", "Bad request", "The request is malformed."),
        _ => Unexpected,
    };

    /// <summary>What a client sent is shown back only in part.</summary>
    public static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "…");
}
