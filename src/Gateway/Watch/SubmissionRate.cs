using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;

namespace RealtimeOps.Watch;

/// <summary>Limits how often each caller submits: a bucket that holds a second's worth and fills evenly.</summary>
internal sealed class SubmissionRate : IDisposable
{
    private static readonly TimeSpan CleaningInterval = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(object Caller, bool IsRepetition), Bucket> _buckets = new();
    private readonly int _perSecond;
    private readonly long _second;
    private readonly long _step;
    private readonly string _policy;
    private readonly TimeProvider _time;
    private readonly ITimer? _cleaning;

    public SubmissionRate(IOptions<RealtimeOpsOptions> options, TimeProvider time)
    {
        _time = time;
        _second = time.TimestampFrequency;
        _perSecond = CallerLimits.Of(options.Value).SubmissionsPerSecond;
        _policy = string.Create(CultureInfo.InvariantCulture, $"\"submit\";q={_perSecond};w=1");
        if (_perSecond > 0)
        {
            _step = _second / _perSecond;
            _cleaning = time.CreateTimer(_ => Clean(), null, CleaningInterval, CleaningInterval);
        }
    }

    /// <summary>Counts a submission of a <see cref="Caller.PacingKey"/> and sets the RateLimit headers; answers the refusal, or null to let it pass.</summary>
    public Problem? Admit(HttpResponse response, object caller)
    {
        if (_perSecond == 0)
        {
            return null;
        }

        (bool isAdmitted, long missing) = Take(caller, isRepetition: false);
        int seconds = Math.Max(1, (int)Math.Ceiling(missing / (double)_second));
        string present = string.Create(CultureInfo.InvariantCulture, $"\"submit\";r={(_second - missing) / _step};t={seconds}");
        response.Headers["RateLimit-Policy"] = _policy;
        response.Headers["RateLimit"] = present;
        return isAdmitted ? null : new Problem(429, "submission-rate", "Submitting too fast", string.Create(
            CultureInfo.InvariantCulture, $"A caller may submit {_perSecond} operations a second here (Limits:SubmissionsPerSecond). Nothing was accepted; come back in 1 s, as Retry-After says."))
        {
            RetryAfter = 1,
            Extensions = json => json.WriteNumber("limit"u8, _perSecond),
        };
    }

    /// <summary>Counts what is past the rate and may repeat something accepted: as many of those a second are let through once more.</summary>
    public bool AdmitRepetition(object caller) => _perSecond == 0 || Take(caller, isRepetition: true).IsAdmitted;

    public void Dispose() => _cleaning?.Dispose();

    private (bool IsAdmitted, long Missing) Take(object caller, bool isRepetition) =>
        _buckets.GetOrAdd((caller, isRepetition), static _ => new Bucket()).Take(_time.GetTimestamp(), _step, _second);

    private void Clean()
    {
        long now = _time.GetTimestamp();
        foreach (((object Caller, bool IsRepetition) caller, Bucket bucket) in _buckets)
        {
            if (bucket.IsFull(now))
            {
                _buckets.TryRemove(caller, out _);
            }
        }
    }

    /// <summary>Knows only when it will be full again; what is missing now follows from that.</summary>
    private sealed class Bucket
    {
        private readonly Lock _gate = new();
        private long _fullAt = long.MinValue;

        public (bool IsAdmitted, long Missing) Take(long now, long step, long most)
        {
            lock (_gate)
            {
                long missing = Math.Max(_fullAt, now) - now;
                if (missing + step > most)
                {
                    return (false, missing);
                }

                _fullAt = now + missing + step;
                return (true, missing + step);
            }
        }

        public bool IsFull(long now)
        {
            lock (_gate)
            {
                return _fullAt <= now;
            }
        }
    }
}
