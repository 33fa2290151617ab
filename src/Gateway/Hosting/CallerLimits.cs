namespace RealtimeOps.Hosting;

/// <summary>The limits of each caller as they are in force; 0 stands for none. Whether there are credentials is looked at once: a server that starts open has no limits by default.</summary>
internal sealed record CallerLimits(int SubmissionsPerSecond, int Queued, int Streams)
{
    public static CallerLimits Of(RealtimeOpsOptions options)
    {
        int effective(int? configured, int byDefault) => configured ?? (options.Security.HasCredentials ? byDefault : 0);
        LimitOptions limits = options.Limits;
        return new CallerLimits(
            effective(limits.SubmissionsPerSecond, LimitOptions.DefaultSubmissionsPerSecond),
            effective(limits.QueuedPerCaller, LimitOptions.DefaultQueuedPerCaller),
            effective(limits.StreamsPerCaller, LimitOptions.DefaultStreamsPerCaller));
    }
}
