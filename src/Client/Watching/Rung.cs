namespace RealtimeOps.Client.Watching;

/// <summary>One way of waiting, and when it may be tried again after it did not work.</summary>
internal sealed class Rung(Func<CancellationToken, Task> run, TimeProvider time)
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(5);

    private long _since;
    private TimeSpan _rest;
    private int _refusals;

    public bool IsDue => time.GetElapsedTime(_since) >= _rest;

    public Task RunAsync(CancellationToken cancellationToken) => run(cancellationToken);

    public void Works() => _refusals = 0;

    /// <summary>It did not work: refused, it is tried ever more rarely; a server out of reach says nothing about it.</summary>
    public void Rest(bool refused)
    {
        _since = time.GetTimestamp();
        double bound = refused ? Math.Min(LongestRest.TotalSeconds, FirstRest.TotalSeconds * Math.Pow(2, Math.Min(_refusals++, 16))) : 1;
        _rest = TimeSpan.FromSeconds(bound * (1 + Random.Shared.NextDouble()) / 2);
    }
}
