using System.Globalization;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>GET on the status URI: poll, long poll and stream. A poll of an operation in memory takes no asynchronous step.</summary>
internal sealed class StatusEndpoint(OperationLookup lookup, OperationFeed feed, StatusAnswer answer, StreamAnswer streams, StreamPlaces places, LongPoll longPoll, PollPacer pacer, TimeProvider time)
{
    public Task HandleAsync(HttpContext context)
    {
        ValueTask<(LiveOperation? Live, Problem? Problem)> found = lookup.FindAsync(context);
        if (!found.IsCompletedSuccessfully)
        {
            return AwaitAsync(context, found.AsTask());
        }

        (LiveOperation? live, Problem? problem) = found.Result;
        return problem is null ? HandleAsync(context, live!) : problem.WriteAsync(context);
    }

    private async Task AwaitAsync(HttpContext context, Task<(LiveOperation? Live, Problem? Problem)> finding)
    {
        (LiveOperation? live, Problem? problem) = await finding;
        await (problem is null ? HandleAsync(context, live!) : problem.WriteAsync(context));
    }

    private Task HandleAsync(HttpContext context, LiveOperation live)
    {
        if (StreamFormat.Accepted(context.Request) is { } format && HttpMethods.IsGet(context.Request.Method))
        {
            return streams.WatchAsync(context, live, format);
        }

        Prefer prefer = Prefer.Read(context.Request);
        if (prefer.Applied is { } applied)
        {
            context.Response.Headers["Preference-Applied"] = applied;
        }

        return prefer.Wait > 0 ? LongPollAsync(context, live, prefer.Wait) : Poll(context, live);
    }

    private Task Poll(HttpContext context, LiveOperation live)
    {
        ValueTask<long> believing = feed.BelieveAsync(live, NewestKnown(context.Request), context.RequestAborted);
        return believing.IsCompletedSuccessfully ? Poll(context, live, believing.Result) : AwaitAsync(context, live, believing.AsTask());
    }

    private async Task AwaitAsync(HttpContext context, LiveOperation live, Task<long> believing) => await Poll(context, live, await believing);

    private Task Poll(HttpContext context, LiveOperation live, long known)
    {
        feed.RecordContact(live, ContactWay.Poll);
        OperationStatus status = live.Current;
        int retryAfter = status.IsFinal ? 0 : Pace.Seconds(status, time.GetUtcNow());
        if (pacer.IsActive && pacer.Admit(context.Response, Caller.Of(context).PacingKey(context), status, retryAfter) is { } refusal)
        {
            return refusal.WriteAsync(context);
        }

        return IsKnown(context.Request, status, known) ? NotModified(context, status, retryAfter) : answer.WriteAsync(context, status, StatusCode(context, status), retryAfter);
    }

    private async Task LongPollAsync(HttpContext context, LiveOperation live, int seconds)
    {
        using IDisposable place = places.Hold(context);
        feed.RecordContact(live, ContactWay.LongPoll);
        long known = await feed.BelieveAsync(live, NewestKnown(context.Request), context.RequestAborted);
        Func<OperationStatus, bool> until = context.Request.Headers.IfNoneMatch.Count == 0
            ? static status => status.IsFinal
            : status => !IsKnown(context.Request, status, known);
        OperationStatus? status = await longPoll.WaitAsync(live.Key, until, TimeSpan.FromSeconds(seconds), context);
        if (status is null)
        {
            await Problems.Gone.WriteAsync(context);
            return;
        }

        int retryAfter = status.IsFinal ? 0 : Pace.Seconds(status, time.GetUtcNow());
        await (IsKnown(context.Request, status, known) ? NotModified(context, status, retryAfter) : answer.WriteAsync(context, status, StatusCode(context, status), retryAfter));
    }

    private static int StatusCode(HttpContext context, OperationStatus status) =>
        status.IsFinal || AzureProfile.IsAsked(context.Request) ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;

    private static Task NotModified(HttpContext context, OperationStatus status, int retryAfter)
    {
        StatusAnswer.SetHeaders(context.Response, status, retryAfter);
        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }

    /// <summary>RFC 9110's weak comparison: the prefix does not matter. What is older than <paramref name="known"/>, which another node has shown, is known as well.</summary>
    private static bool IsKnown(HttpRequest request, OperationStatus status, long known) =>
        status.Version <= known || (request.Headers.IfNoneMatch.Count > 0 && HasTagOf(request, status.Version));

    private static bool HasTagOf(HttpRequest request, long version) => Tags(request).Any(tag => tag == "*" || Version(tag) == version);

    private static long? NewestKnown(HttpRequest request) => request.Headers.IfNoneMatch.Count == 0 ? null : Tags(request).Max(Version);

    private static IEnumerable<string> Tags(HttpRequest request) => request.Headers.IfNoneMatch.SelectMany(tags => (tags ?? "").Split(',', StringSplitOptions.TrimEntries));

    private static long? Version(string tag)
    {
        ReadOnlySpan<char> text = tag.StartsWith("W/", StringComparison.Ordinal) ? tag.AsSpan(2) : tag;
        return text is ['"', .. var version, '"'] && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
    }
}
