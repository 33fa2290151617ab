using System.Diagnostics;
using RealtimeOps.Execution;
using RealtimeOps.Operations;

namespace RealtimeOps.Relay;

/// <summary>One attempt at a relayed request: what it is, where it goes, what is heard of it, and how it fails.</summary>
internal sealed class RelayCall
{
    private const int LongestText = 1000;
    private const string BrokenOff = "The service broke off its answer.";
    private const string NotSentAgain = "The outcome is not known. The request was not sent again, since a POST without Idempotency-Key may not be sent twice: ask the service what became of it.";

    private readonly RequestHead _head;

    public RelayCall(RelayRoute route, RequestHead head, OperationContext context, TimeProvider time)
    {
        (Route, _head, Context) = (route, head, context);
        Target = route.TargetOf(head.Path, head.Query);
        Silence = new Silence(route.Silence, time);
        context.Heard = (progress, activity) => Hear(progress, activity);
    }

    public RelayRoute Route { get; }

    public RequestHead Head => _head;

    public OperationContext Context { get; }

    public Uri Target { get; }

    public Silence Silence { get; }

    /// <summary>How the service has accepted it, so that the work goes on by itself; null before that.</summary>
    public RelayCheckpoint? Accepted { get; private set; }

    /// <summary>It may be sent twice.</summary>
    public bool IsRepeatable => RelayRoute.IsRepeatable(_head);

    /// <summary>Somebody wants the work itself to stop, not only this process to let go of it.</summary>
    public bool IsToStop => Context.Run?.StopReason is StopReason.Canceled or StopReason.TimedOut;

    private string Unheard => $"The service has not been heard of for {SpanText.Of(Silence.Limit)}.";

    /// <summary>A span of its own in the trace of the submission; requests that are sent meanwhile name it.</summary>
    public Activity Trace()
    {
        var span = new Activity("relay");
        _ = ActivityContext.TryParse(Context.TraceParent, traceState: null, out ActivityContext parent)
            ? span.SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags)
            : span.SetIdFormat(ActivityIdFormat.W3C);
        return span.Start();
    }

    /// <summary>Keeps how far it has come.</summary>
    public Task SaveAsync(RelayCheckpoint checkpoint)
    {
        Accepted = checkpoint.IsAccepted ? checkpoint : null;
        return Context.SaveCheckpointAsync(checkpoint);
    }

    /// <summary>Goes on where another attempt stopped.</summary>
    public void Resume(RelayCheckpoint accepted) => Accepted = accepted;

    /// <summary>Its later answers showed how the service speaks.</summary>
    public void Learn(RemoteStatus status) => Accepted = Accepted is { } accepted ? accepted with { Form = status.Form, IsCertain = accepted.IsCertain || status.IsCertain } : null;

    public void Hear(double? progress, string? activity)
    {
        Silence.Break();
        Context.Report(progress ?? 0, Shorten(activity));
    }

    /// <summary>An address that the service named.</summary>
    /// <exception cref="OperationFailedException">It lies where this route does not go.</exception>
    public Uri Resolve(Uri from, string reference) =>
        Route.Resolve(from, reference) ?? throw Failure(502, $"The service pointed to {OriginOf(from, reference)}, which is neither its own origin nor one that its route allows.");

    /// <summary>Reads what the service has begun to say.</summary>
    /// <exception cref="OperationFailedException">It fell silent in the middle.</exception>
    public async Task<T> ListenAsync<T>(Func<CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        Silence.Break();
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task guard = Silence.GuardAsync(listening);
        try
        {
            return await read(listening.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw await FellSilentAsync();
        }
        finally
        {
            await listening.CancelAsync();
            await guard;
        }
    }

    /// <summary>Not within a character.</summary>
    public static string? Shorten(string? text) =>
        text is { Length: > LongestText } ? string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText), "…") : text;

    /// <summary>The request failed and cannot be helped.</summary>
    public static OperationFailedException Failure(int code, string message, string? title = null, bool retry = false, Exception? inner = null, TimeSpan? retryAfter = null) =>
        new(code == 0 ? 500 : code, Shorten(message)!, retry, inner) { HttpStatus = code is >= 400 and < 600 and not 499 ? code : code is 499 ? 409 : null, Title = Shorten(title) ?? "The service failed", RetryAfter = retryAfter };

    /// <summary>The request came to nothing, and is sent again where that is safe.</summary>
    /// <param name="code">The code that it fails with in the end.</param>
    /// <param name="message">What happened.</param>
    /// <param name="isSafe">Sending it again is safe for another reason than its method.</param>
    /// <param name="inner">The cause.</param>
    /// <param name="title">The kind of failure.</param>
    /// <param name="retryAfter">When the service says to come back.</param>
    public async Task<OperationFailedException> LostAsync(int code, string message, bool isSafe = false, Exception? inner = null, string? title = null, TimeSpan? retryAfter = null)
    {
        bool retry = isSafe || IsRepeatable;
        if (retry)
        {
            await Context.SaveCheckpointAsync(RelayCheckpoint.Unsent);
        }

        return Failure(code, message, title, retry, inner, retryAfter);
    }

    /// <summary>Whether the service has done the work nobody can tell: it is sent again where that is safe, and else says so.</summary>
    public async Task<OperationFailedException> UnknownAsync(int code, string message, Exception? inner = null) => IsRepeatable
        ? await LostAsync(code, message, inner: inner)
        : Failure(code, $"{message} {NotSentAgain}", "The outcome is not known", inner: inner);

    /// <summary>The answer ended in the middle. What is kept at a monitor is asked for again; the request itself only where that is safe.</summary>
    public async Task<OperationFailedException> BrokenOffAsync(Exception? cause) => Accepted is not null
        ? Failure(502, BrokenOff, retry: true, inner: cause)
        : await UnknownAsync(502, BrokenOff, cause);

    public Task<OperationFailedException> SilentAsync() => UnknownAsync(504, Unheard);

    /// <summary>As <see cref="BrokenOffAsync"/>: what is kept at a monitor is asked for again.</summary>
    private async Task<OperationFailedException> FellSilentAsync() => Accepted is { Monitor: not null } ? Failure(504, Unheard, retry: true) : await SilentAsync();

    private static string OriginOf(Uri from, string reference) => Uri.TryCreate(from, reference, out Uri? uri) ? RelayRoute.OriginOf(uri) : "what is no address";
}
