using System.Collections.Concurrent;

namespace RealtimeOps.Hosting.Security;

/// <summary>Tells those who hold a request open that its caller's credential has expired or was revoked. One look around a few times a second serves all, and never misses a clock that was set.</summary>
internal sealed class CredentialWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<Entry, byte> _entries = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public CredentialWatch(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static watch => ((CredentialWatch)watch!).Look(), this, Interval, Interval);
    }

    /// <summary>Calls <paramref name="ended"/> once when it is over, unless disposed before.</summary>
    public IDisposable? Add(Caller caller, Action ended)
    {
        if (caller.Credential is null)
        {
            return null;
        }

        var entry = new Entry(this, caller, ended);
        _entries.TryAdd(entry, 0);
        return entry;
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        DateTimeOffset now = _time.GetUtcNow();
        foreach ((Entry entry, _) in _entries)
        {
            if (entry.Caller.IsOver(now) && _entries.TryRemove(entry, out _))
            {
                entry.Ended();
            }
        }
    }

    private sealed class Entry(CredentialWatch watch, Caller caller, Action ended) : IDisposable
    {
        public Caller Caller => caller;

        public Action Ended => ended;

        public void Dispose() => watch._entries.TryRemove(this, out _);
    }
}
