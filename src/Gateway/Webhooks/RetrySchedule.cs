namespace RealtimeOps.Webhooks;

/// <summary>When a failed message is tried again: a list of delays, with jitter so that what failed together does not come back together.</summary>
internal sealed class RetrySchedule(IReadOnlyList<TimeSpan> delays)
{
    private const double Jitter = 0.1;

    public static readonly IReadOnlyList<TimeSpan> Default =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>The delay after so many failures; null when there is no further try.</summary>
    /// <param name="failures">How often it has failed, at least 1.</param>
    /// <param name="retryAfter">What the receiver asks for. It may put the try off, to twice the step at most; hurry it on it may not.</param>
    /// <param name="chance">From 0 to 1.</param>
    public TimeSpan? Next(int failures, TimeSpan? retryAfter, double chance)
    {
        if (failures > delays.Count)
        {
            return null;
        }

        TimeSpan step = delays[failures - 1];
        if (retryAfter is not { } wanted)
        {
            return step * (1 - Jitter + (2 * Jitter * chance));
        }

        TimeSpan longest = step * 2;
        TimeSpan granted = wanted < step ? step : wanted > longest ? longest : wanted;
        TimeSpan spread = granted * (1 + (Jitter * chance));
        return spread < longest ? spread : longest;
    }
}
