using System.Diagnostics;
using RealtimeOps.Execution;
using RealtimeOps.Operations;

namespace RealtimeOps.Relay;

/// <summary>
/// Runs a relayed operation: sends the request, or goes on with what an earlier attempt has sent, and waits in the way that the service's answer asks for: the answer itself,
/// a monitor to poll, status lines, or reports.
/// </summary>
internal sealed class RelayHandler(RelayRoutes routes, ServiceClient service, MonitorFollower monitor, TimeProvider time, ILogger<RelayHandler> logger) : IStreamOperationHandler
{
    private const int MostRedirects = 5;

    public async Task<OperationResult> HandleAsync(OperationInput input, OperationContext context, CancellationToken cancellationToken)
    {
        RequestHead head = input.Head ?? throw new InvalidOperationException($"{context.Key} did not come through its route.");
        var call = new RelayCall(routes.Of(context.Key.Type), head, context, time);
        using Activity trace = call.Trace();
        try
        {
            return await RunAsync(call, input, cancellationToken);
        }
        catch (OperationCanceledException) when (call is { IsToStop: true, Accepted: { Monitor: { } known, IsCertain: true, Form: var form } })
        {
            // Who answers at once that it goes on by itself does not notice that nobody listens any more.
            if (!await service.StopAsync(call, known, form))
            {
                RelayLog.NotStopped(logger, context.Key, call.Route.Path);
            }

            throw;
        }
    }

    private async Task<OperationResult> RunAsync(RelayCall call, OperationInput input, CancellationToken cancellationToken)
    {
        RelayCheckpoint before = call.Context.ReadCheckpoint<RelayCheckpoint>() ?? RelayCheckpoint.Unsent;
        if (before.IsAccepted)
        {
            call.Resume(before);
            return await AwaitAsync(call, before, pause: null, cancellationToken);
        }

        if (before.Sending > 0 && !call.IsRepeatable)
        {
            return before.HasReported
                ? await AwaitAsync(call, before, pause: null, cancellationToken)
                : throw await call.UnknownAsync(502, "The gateway lost the service's answer.");
        }

        await call.SaveAsync(new RelayCheckpoint(call.Context.Attempt));
        (ServiceAnswer answer, Uri from) = await SendAsync(call, input, cancellationToken);
        return await JudgeAsync(call, answer, from, cancellationToken);
    }

    /// <summary>The first answer that is not "there instead".</summary>
    private async Task<(ServiceAnswer Answer, Uri From)> SendAsync(RelayCall call, OperationInput input, CancellationToken cancellationToken)
    {
        Uri target = call.Target;
        try
        {
            for (int redirects = 0; ; redirects++)
            {
                ServiceAnswer answer = await service.SendAsync(call, input, target, cancellationToken);
                if (answer.Code is not (307 or 308))
                {
                    return (answer, target);
                }

                using (answer)
                {
                    target = redirects < MostRedirects ? call.Resolve(target, answer["Location"] ?? "") : throw RelayCall.Failure(502, $"The service redirected more than {MostRedirects} times.");
                }
            }
        }
        catch (HttpRequestException unreachable)
        {
            // Where no connection came about nothing was sent: sending it is safe, whatever it is.
            bool isUnsent = unreachable.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;
            throw isUnsent
                ? await call.LostAsync(502, "The service cannot be reached.", isSafe: true, unreachable)
                : await call.UnknownAsync(502, "The service closed the connection without an answer.", unreachable);
        }
        catch (IOException broken)
        {
            throw await call.BrokenOffAsync(broken);
        }
    }

    private async Task<OperationResult> JudgeAsync(RelayCall call, ServiceAnswer answer, Uri from, CancellationToken cancellationToken)
    {
        RemoteStatus? status = answer.ReadStatus(RemoteForm.Plain);
        RelayCheckpoint? accepted = Acceptance.Read(call, answer, status, from);
        if (accepted is null && answer.IsSuccess && !answer.HoldsStatusLines())
        {
            return status is { Form: RemoteForm.Google, State: not RemoteState.Unfinished }
                ? MonitorFollower.Conclude(call, RelayCheckpoint.Unsent, status, new Course(from, status.Form)) ?? OperationResult.None
                : answer.ToResult(call);
        }

        using (answer)
        {
            if (!answer.IsSuccess && accepted is null)
            {
                throw await FailureAsync(call, answer);
            }

            if (accepted is not null)
            {
                await call.SaveAsync(accepted);
                call.Hear(status?.Progress, status?.Text);
            }

            if (answer.IsSuccess && answer.HoldsStatusLines())
            {
                return await ListenAsync(call, answer, accepted, from, cancellationToken);
            }

            return await AwaitAsync(call, accepted!, answer.RetryAfter(time.GetUtcNow()), cancellationToken);
        }
    }

    /// <summary>Waits for work that goes on by itself.</summary>
    private async Task<OperationResult> AwaitAsync(RelayCall call, RelayCheckpoint accepted, TimeSpan? pause, CancellationToken cancellationToken)
    {
        if (accepted.Monitor is not null)
        {
            return await monitor.FollowAsync(call, accepted, new Course(accepted.Monitor, accepted.Form), pause, cancellationToken);
        }

        // A report of the end is recorded by whoever takes it, and stops this attempt.
        await call.Silence.WaitAsync(cancellationToken);
        throw await call.SilentAsync();
    }

    private async Task<OperationResult> ListenAsync(RelayCall call, ServiceAnswer answer, RelayCheckpoint? accepted, Uri from, CancellationToken cancellationToken)
    {
        RelayCheckpoint known = accepted ?? RelayCheckpoint.Unsent;
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task guard = call.Silence.GuardAsync(listening);
        Exception? broken = null;
        try
        {
            await foreach (string line in StatusLines.ReadAsync(answer, call.Silence.Break, listening.Token))
            {
                RemoteStatus? status = RemoteStatusReader.Read(System.Text.Encoding.UTF8.GetBytes(line), known.Form);
                if (status is { State: not RemoteState.Unfinished })
                {
                    var course = new Course(known.Monitor ?? from, status.Form);
                    return MonitorFollower.Conclude(call, known, status, course)
                        ?? await monitor.FollowAsync(call, known, course, TimeSpan.Zero, cancellationToken);
                }

                call.Hear(status?.Progress, status?.Text);
                if (status is not null)
                {
                    call.Learn(status);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Silent for too long; a monitor may still know more.
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            broken = failure;
        }
        finally
        {
            await listening.CancelAsync();
            await guard;
        }

        return known.Monitor is not null ? await monitor.FollowAsync(call, known, new Course(known.Monitor, known.Form), TimeSpan.Zero, cancellationToken)
            : throw (call.Silence.IsTooLong ? await call.SilentAsync() : await call.BrokenOffAsync(broken));
    }

    private async Task<OperationFailedException> FailureAsync(RelayCall call, ServiceAnswer answer)
    {
        (string? title, string text) = answer.Words();
        return answer.IsTransient ? await call.LostAsync(answer.Code, text, title: title, retryAfter: answer.RetryAfter(time.GetUtcNow()))
            : answer.Code is >= 300 and < 400 ? RelayCall.Failure(502, $"The service answered {answer.Code}, a redirect that does not say what becomes of a {call.Head.Method}.")
            : RelayCall.Failure(answer.Code, text, title);
    }
}
