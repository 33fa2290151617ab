using System.Text;
using Polly.Timeout;
using RealtimeOps.Execution;

namespace RealtimeOps.Relay;

/// <summary>Asks a service's monitor until its work has ended, then fetches the result.</summary>
internal sealed class MonitorFollower(ServiceClient service, TimeProvider time)
{
    private const int MostRedirects = 5;
    private const double Growth = 1.5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UsualPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <param name="call">The relayed request.</param>
    /// <param name="known">How it was accepted.</param>
    /// <param name="course">Where to ask.</param>
    /// <param name="pause">When to ask first; null when the service did not say.</param>
    /// <param name="cancellationToken">Fires when the attempt is to stop.</param>
    public async Task<OperationResult> FollowAsync(RelayCall call, RelayCheckpoint known, Course course, TimeSpan? pause, CancellationToken cancellationToken)
    {
        try
        {
            TimeSpan usual = FirstPause;
            while (true)
            {
                await Task.Delay(Within(pause ?? usual), time, cancellationToken);
                (OperationResult? result, pause) = await AskAsync(call, known, course, cancellationToken);
                if (result is not null)
                {
                    return result;
                }

                usual = usual * Growth < UsualPause ? usual * Growth : UsualPause;
            }
        }
        catch (Exception unanswered) when (unanswered is HttpRequestException or IOException or TimeoutRejectedException)
        {
            throw await call.SilentAsync();
        }
    }

    /// <summary>The outcome of work that has ended, as its last status tells it; null when the result has to be fetched first, from where <paramref name="course"/> then leads.</summary>
    /// <exception cref="OperationFailedException">It did not end well.</exception>
    public static OperationResult? Conclude(RelayCall call, RelayCheckpoint known, RemoteStatus status, Course course)
    {
        if (status.State is not RemoteState.Succeeded)
        {
            throw status.State is RemoteState.Canceled
                ? RelayCall.Failure(499, status.Text ?? "The service canceled its work.", "The service canceled it")
                : RelayCall.Failure(status.Code ?? 500, status.Text ?? "The service says that its work failed.");
        }

        call.Context.Message = status.Text;
        if (status.ResultUri is { } named)
        {
            course.FetchFrom(call.Resolve(course.At, named));
            return null;
        }

        if (status.Result is { } result)
        {
            return OperationResult.OfBytes("application/json", Encoding.UTF8.GetBytes(result.GetRawText()));
        }

        Uri? implied = known.ResultUri ?? status.Form switch
        {
            RemoteForm.Ogc => new Uri(course.At.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/results"),
            RemoteForm.Azure when call.Head.Method == "PUT" => call.Target,
            _ => null,
        };
        if (implied is null)
        {
            return OperationResult.None;
        }

        course.FetchFrom(implied);
        return null;
    }

    private async Task<(OperationResult? Result, TimeSpan? Pause)> AskAsync(RelayCall call, RelayCheckpoint known, Course course, CancellationToken cancellationToken)
    {
        ServiceAnswer answer = await service.GetAsync(call, course.At, cancellationToken);
        RemoteStatus? status = course.IsAtResult ? null : answer.ReadStatus(course.Form);
        if (answer.Code == 200 && course.Form is RemoteForm.Plain && status is { IsCertain: false })
        {
            // Where only codes have told of the work so far, 200 is its result, even if that has a member such as "status".
            status = null;
        }

        if (answer.IsSuccess && status is null && answer.Code != 202)
        {
            return (answer.ToResult(call), null);
        }

        using (answer)
        {
            if (answer.Code is 301 or 302 or 303 or 307 or 308)
            {
                course.Redirect(call.Resolve(course.At, answer["Location"] ?? ""), MostRedirects, toResult: answer.Code == 303);
                return (null, TimeSpan.Zero);
            }

            if (!answer.IsSuccess)
            {
                throw await FailureAsync(call, answer);
            }

            if (status is { State: not RemoteState.Unfinished })
            {
                return (Conclude(call, known, status, course), TimeSpan.Zero);
            }

            if (status is not null)
            {
                course.Form = status.Form;
                call.Learn(status);
            }

            call.Hear(status?.Progress, status?.Text);
            return (null, answer.RetryAfter(time.GetUtcNow()));
        }
    }

    /// <summary>A service that no longer knows its work has lost it.</summary>
    private static async Task<OperationFailedException> FailureAsync(RelayCall call, ServiceAnswer answer)
    {
        (string? title, string text) = answer.Words();
        return answer.IsTransient ? await call.SilentAsync()
            : answer.Code is 404 or 410 ? await call.LostAsync(answer.Code, text, title: title)
            : RelayCall.Failure(answer.Code, text, title);
    }

    private static TimeSpan Within(TimeSpan pause) => pause < ShortestPause ? ShortestPause : pause < LongestPause ? pause : LongestPause;
}

/// <summary>Where the next question goes.</summary>
internal sealed class Course(Uri at, RemoteForm form)
{
    private int _redirects;

    public Uri At { get; private set; } = at;

    public RemoteForm Form { get; set; } = form;

    /// <summary>What is there is the result, whatever it looks like.</summary>
    public bool IsAtResult { get; private set; }

    public void FetchFrom(Uri result) => (At, IsAtResult) = (result, true);

    /// <exception cref="OperationFailedException">It leads on and on.</exception>
    public void Redirect(Uri next, int most, bool toResult)
    {
        At = ++_redirects <= most ? next : throw RelayCall.Failure(502, $"The service redirected more than {most} times.");
        IsAtResult |= toResult;
    }
}
