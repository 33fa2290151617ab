namespace RealtimeOps.Hosting;

/// <summary>How much memory there is and how much of it is used.</summary>
internal interface IMemoryReading
{
    /// <summary>From 0 to 1 and above; 0 when it is not known.</summary>
    double UsedShare { get; }
}

/// <summary>This process's memory as a share of what the runtime may use: the limit of the container, else the machine's.</summary>
internal sealed class ProcessMemory : IMemoryReading
{
    public double UsedShare => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes is > 0 and var available ? (double)Environment.WorkingSet / available : 0;
}
