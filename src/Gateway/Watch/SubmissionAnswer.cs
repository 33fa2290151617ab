using Microsoft.AspNetCore.Http;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>Answers an accepted submission: at once with 202, after a wait, or with a stream that goes on to the end.</summary>
internal sealed class SubmissionAnswer(OperationFeed feed, StatusAnswer answer, StreamAnswer streams, StreamPlaces places, LongPoll longPoll, PollPacer pacer, TimeProvider time)
{
    /// <summary>Takes the place of the stream that the answer is going to be, if it is, before anything is accepted; answers why there is none.</summary>
    public Problem? TryOpenStream(HttpContext context, out IDisposable? stream)
    {
        stream = null;
        return StreamFormat.Accepted(context.Request) is null ? null : places.TryOpen(context, out stream);
    }

    /// <summary>Answers with a stream where one is wanted and has its place.</summary>
    public async Task WriteAsync(HttpContext context, OperationStatus initial, IDisposable? stream)
    {
        SetLocation(context, initial);
        if (stream is not null && StreamFormat.Accepted(context.Request) is { } format)
        {
            await streams.FollowAsync(context, initial, format);
            return;
        }

        // Waiting is a wish: where there is no place for it, the answer comes at once.
        Prefer prefer = Prefer.Read(context.Request);
        using IDisposable? place = prefer.Wait > 0 ? places.TryHold(context) : null;
        if (prefer.Wait > 0 && place is null)
        {
            prefer = prefer with { Wait = 0 };
        }

        if (prefer.Applied is { } applied)
        {
            context.Response.Headers["Preference-Applied"] = applied;
        }

        OperationStatus? status = initial;
        if (prefer.Wait > 0 && !initial.IsFinal)
        {
            status = await longPoll.WaitAsync(initial.Key, static status => status.IsFinal, TimeSpan.FromSeconds(prefer.Wait), context);
        }

        await WritePlainAsync(context, status ?? initial);
    }

    /// <summary>A repeated submission is answered with the present state of what it started the first time.</summary>
    public async Task WriteReplayAsync(HttpContext context, OperationKey key, IDisposable? stream)
    {
        LiveOperation live = await feed.FindAsync(key, context.RequestAborted) ?? throw new ProblemException(Problems.Gone);
        await WriteAsync(context, live.Current, stream);
    }

    private async Task WritePlainAsync(HttpContext context, OperationStatus status)
    {
        int retryAfter = status.IsFinal ? 0 : Pace.Seconds(status, time.GetUtcNow());
        pacer.Suggest(Caller.Of(context).PacingKey(context), status.Key, retryAfter);
        await answer.WriteAsync(context, status, status.IsFinal ? StatusCodes.Status200OK : StatusCodes.Status202Accepted, retryAfter);
    }

    private static void SetLocation(HttpContext context, OperationStatus status)
    {
        if (AzureProfile.IsAsked(context.Request))
        {
            context.Response.Headers["Operation-Location"] = status.Uri + AzureProfile.Query;
        }
        else
        {
            context.Response.Headers.Location = status.Uri;
        }
    }
}
