using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>
/// Paces plain GETs, per caller and operation. Never refuses more than twice in a row, since stock clients take a third refusal for
/// the end of the operation; and never the first GET after the end.
/// </summary>
internal sealed class PollPacer : IDisposable
{
    private const int MostRefusals = 2;

    /// <summary>A client's timer may fire a little early, and its clock is not ours.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<(OperationKey, object), Poller> _pollers = new();
    private readonly PollingOptions _options;
    private readonly string _policy;
    private readonly TimeProvider _time;
    private readonly ITimer _cleaning;

    public PollPacer(IOptions<RealtimeOpsOptions> options, TimeProvider time)
    {
        _options = options.Value.Polling;
        _time = time;
        _policy = string.Create(CultureInfo.InvariantCulture, $"\"poll\";q={_options.Allowance};w={(int)_options.Window.TotalSeconds}");
        _cleaning = time.CreateTimer(_ => Clean(), null, _options.Window * 2, _options.Window * 2);
    }

    /// <summary>Whether there is anything to keep per poller.</summary>
    public bool IsActive => _options.Mode is not PollingMode.Suggest;

    /// <summary>Counts a plain GET of a <see cref="Caller.PacingKey"/> and sets the RateLimit headers; answers the refusal, or null to let it pass.</summary>
    public Problem? Admit(HttpResponse response, object caller, OperationStatus status, int suggestion)
    {
        DateTimeOffset now = _time.GetUtcNow();
        Poller poller = _pollers.GetOrAdd((status.Key, caller), static _ => new Poller());
        lock (poller)
        {
            poller.LastAt = now;
            bool firstAfterEnd = status.IsFinal && !poller.SawEnd;
            poller.SawEnd |= status.IsFinal;
            TimeSpan early = _options.Mode is PollingMode.Strict ? poller.SuggestedAt - now - Tolerance : CountInWindow(poller, response, now);
            if (early <= TimeSpan.Zero || firstAfterEnd || poller.Refusals == MostRefusals)
            {
                poller.Refusals = 0;
                poller.SuggestedAt = now + TimeSpan.FromSeconds(suggestion);
                return null;
            }

            poller.Refusals++;
            return Refusal(early);
        }
    }

    /// <summary>A submission's answer suggests a time too, and strict pacing holds the submitter to it.</summary>
    public void Suggest(object caller, OperationKey key, int suggestion)
    {
        if (_options.Mode is PollingMode.Strict)
        {
            DateTimeOffset now = _time.GetUtcNow();
            Poller poller = _pollers.GetOrAdd((key, caller), static _ => new Poller());
            lock (poller)
            {
                poller.LastAt = now;
                poller.SuggestedAt = now + TimeSpan.FromSeconds(suggestion);
            }
        }
    }

    public void Dispose() => _cleaning.Dispose();

    /// <summary>Answers how early the GET comes: zero within the allowance, else the time until the window begins anew.</summary>
    private TimeSpan CountInWindow(Poller poller, HttpResponse response, DateTimeOffset now)
    {
        if (now - poller.WindowStart >= _options.Window)
        {
            poller.WindowStart = now;
            poller.Count = 0;
        }

        poller.Count++;
        TimeSpan rest = poller.WindowStart + _options.Window - now;
        response.Headers["RateLimit-Policy"] = _policy;
        response.Headers["RateLimit"] = string.Create(
            CultureInfo.InvariantCulture, $"\"poll\";r={Math.Max(0, _options.Allowance - poller.Count)};t={(int)Math.Ceiling(rest.TotalSeconds)}");
        return poller.Count <= _options.Allowance ? TimeSpan.Zero : rest;
    }

    private static Problem Refusal(TimeSpan early)
    {
        int seconds = Math.Max(1, (int)Math.Ceiling(early.TotalSeconds));
        return new Problem(429, "too-early", "Asked too early", string.Create(
            CultureInfo.InvariantCulture,
            $"This poll came {early.TotalSeconds:0.0} s early. Come back in {seconds} s as Retry-After says, or wait without polling: Prefer: wait=30, or Accept: text/event-stream."))
        {
            RetryAfter = seconds,
            Extensions = json => json.WriteNumber("earlyBy"u8, Math.Round(early.TotalSeconds, 3)),
        };
    }

    private void Clean()
    {
        DateTimeOffset limit = _time.GetUtcNow() - (_options.Window * 2);
        foreach ((var key, Poller poller) in _pollers)
        {
            if (poller.LastAt < limit)
            {
                _pollers.TryRemove(key, out _);
            }
        }
    }

    private sealed class Poller
    {
        public DateTimeOffset LastAt { get; set; }

        public DateTimeOffset WindowStart { get; set; }

        public int Count { get; set; }

        public DateTimeOffset SuggestedAt { get; set; }

        public int Refusals { get; set; }

        public bool SawEnd { get; set; }
    }
}
