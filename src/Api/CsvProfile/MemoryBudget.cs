namespace RealtimeOps.Api.CsvProfile;

/// <summary>Memory that all columns of a file share, so that a wide file cannot take a narrow one's share many times over.</summary>
internal sealed class MemoryBudget(long bytes)
{
    private long left = bytes;

    public bool TryTake(long wanted)
    {
        if (wanted > left)
        {
            return false;
        }

        left -= wanted;
        return true;
    }

    public void Return(long taken) => left += taken;
}
