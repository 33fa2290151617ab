namespace RealtimeOps.Hosting;

/// <summary>How much memory there is and how much of it is used.</summary>
internal interface IMemoryReading
{
    /// <summary>From 0 to 1 and above; 0 when it is not known.</summary>
    double UsedShare { get; }

    /// <summary>Gives back what is only garbage. All threads stand still meanwhile.</summary>
    void Reclaim();
}

/// <summary>
/// This process's memory as a share of what the container, else the machine, has before the runtime calls memory short (by default nine tenths of it). What the runtime gives its heap is
/// less in a container, and says nothing of when the container is killed.
/// </summary>
internal sealed class ProcessMemory : IMemoryReading
{
    public double UsedShare => GC.GetGCMemoryInfo().HighMemoryLoadThresholdBytes is > 0 and var available ? (double)Environment.WorkingSet / available : 0;

    public void Reclaim() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
