using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;

namespace RealtimeOps.Watch;

/// <summary>Limits how many requests are held open, of each caller and in all: streams of every kind, and long polls.</summary>
internal sealed class StreamPlaces(IOptions<RealtimeOpsOptions> options, MemoryGuard memory)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<object, int> _counts = [];
    private readonly int _mostOfCaller = CallerLimits.Of(options.Value).Streams;
    private readonly int _most = options.Value.Limits.Streams;
    private int _count;

    /// <summary>For a stream of a request's caller; to be disposed at its end.</summary>
    /// <exception cref="ProblemException">There is no place.</exception>
    public IDisposable Open(HttpContext context) => Open(Caller.Of(context).PacingKey(context));

    /// <summary>For a stream of a <see cref="Caller.PacingKey"/>.</summary>
    /// <exception cref="ProblemException">There is no place.</exception>
    public IDisposable Open(object caller) => memory.Refusal is { } refusal ? throw new ProblemException(refusal) : Hold(caller);

    /// <summary>For a stream of a request's caller, if there is a place; else answers why there is none.</summary>
    public Problem? TryOpen(HttpContext context, out IDisposable? place)
    {
        object caller = Caller.Of(context).PacingKey(context);
        Problem? refusal = memory.Refusal ?? Take(caller);
        place = refusal is null ? new Place(this, caller) : null;
        return refusal;
    }

    /// <summary>For a long poll: polls go on when memory is low.</summary>
    /// <exception cref="ProblemException">There is no place.</exception>
    public IDisposable Hold(HttpContext context) => Hold(Caller.Of(context).PacingKey(context));

    /// <summary>As <see cref="Hold(HttpContext)"/>, for who can do without: null when there is no place.</summary>
    public IDisposable? TryHold(HttpContext context)
    {
        object caller = Caller.Of(context).PacingKey(context);
        return Take(caller) is null ? new Place(this, caller) : null;
    }

    private Place Hold(object caller) => Take(caller) is { } refusal ? throw new ProblemException(refusal) : new Place(this, caller);

    private Problem? Take(object caller)
    {
        lock (_gate)
        {
            int count = _counts.GetValueOrDefault(caller);
            if (_mostOfCaller > 0 && count >= _mostOfCaller)
            {
                return TooMany(429, string.Create(CultureInfo.InvariantCulture, $"A caller may hold {_mostOfCaller} streams and long polls open here (Limits:StreamsPerCaller). Close one, follow many operations over one feed, or poll."), _mostOfCaller);
            }

            if (_most > 0 && _count >= _most)
            {
                return TooMany(503, string.Create(CultureInfo.InvariantCulture, $"The server holds {_most} streams and long polls open, as many as it may (Limits:Streams). Try again later, or poll."), _most);
            }

            _counts[caller] = count + 1;
            _count++;
            return null;
        }
    }

    private void Leave(object caller)
    {
        lock (_gate)
        {
            _count--;
            int count = _counts[caller] - 1;
            if (count > 0)
            {
                _counts[caller] = count;
            }
            else
            {
                _counts.Remove(caller);
            }
        }
    }

    private static Problem TooMany(int status, string detail, int limit) => new(status, "too-many-streams", "Too many streams", detail)
    {
        RetryAfter = 5,
        Extensions = json => json.WriteNumber("limit"u8, limit),
    };

    private sealed class Place(StreamPlaces places, object caller) : IDisposable
    {
        private int _isFree;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isFree, 1) == 0)
            {
                places.Leave(caller);
            }
        }
    }
}
