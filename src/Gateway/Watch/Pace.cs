using RealtimeOps.Operations;

namespace RealtimeOps.Watch;

/// <summary>When a poller should come back: from the operation's own pace, between 1 and 30 s. A pure function of the snapshot and the time.</summary>
internal static class Pace
{
    private const int Shortest = 1;
    private const int Longest = 30;

    private static readonly string[] Texts = Enumerable.Range(0, Longest + 1).Select(seconds => seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToArray();

    public static int Seconds(OperationStatus status, DateTimeOffset now)
    {
        Operation operation = status.Operation;
        if (operation.State.IsWaiting() && operation.DueAt > now)
        {
            return Clamp(operation.DueAt - now);
        }

        // A third of what is left: the poller comes a few times, ever closer to the end, and never long after it.
        return status.EstimatedEndAt is { } end
            ? Clamp((end - now) / 3)
            : Clamp((now - (operation.StartedAt ?? operation.CreatedAt)) / 4);
    }

    public static string Text(int seconds) => Texts[seconds];

    private static int Clamp(TimeSpan wait) => (int)Math.Clamp(Math.Ceiling(wait.TotalSeconds), Shortest, Longest);
}
