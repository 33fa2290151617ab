using Hangfire.Common;
using Hangfire.Storage;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>A job that this node has taken out of its queue. Until it is acknowledged, Hangfire gives it to another node if this one dies; afterwards the operation's lease sees to that.</summary>
/// <param name="Id">Hangfire's id of it.</param>
/// <param name="Key">The operation that it stands for.</param>
/// <param name="Job">What Hangfire stores of it.</param>
/// <param name="State">The state in which it was found.</param>
/// <param name="ServerId">This node's name in Hangfire.</param>
/// <param name="Hold">Keeps it from others.</param>
/// <param name="Connection">What the hold lives on.</param>
internal sealed record FetchedJob(string Id, OperationKey Key, Job Job, string State, string ServerId, IFetchedJob Hold, IStorageConnection Connection)
{
    public void Acknowledge()
    {
        using (Connection)
        using (Hold)
        {
            Hold.RemoveFromQueue();
        }
    }
}
