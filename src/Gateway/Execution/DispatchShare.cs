using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>What one caller has waiting in a lane, first come first served.</summary>
internal sealed class DispatchShare(string owner)
{
    private readonly Queue<WaitingOperation> _waiting = new();
    private long _nextTicket;
    private long _taken;

    public string Owner => owner;

    public int Count => _waiting.Count;

    /// <summary>Behind it begins what the store holds of this caller and did not fit here; new arrivals wait behind that. Null when all is here.</summary>
    public WaitingOperation? Left { get; set; }

    /// <summary>It waits to be refilled from the store, or is being refilled.</summary>
    public bool IsHungry { get; set; }

    /// <summary>Answers its ticket, for <see cref="Ahead"/>.</summary>
    public long Add(WaitingOperation operation)
    {
        // One text for all of a caller's, wherever each came from.
        _waiting.Enqueue(operation with { Owner = owner });
        return _nextTicket++;
    }

    public WaitingOperation Take()
    {
        _taken++;
        return _waiting.Dequeue();
    }

    /// <summary>How many of the caller's own are before it; negative when it has been taken.</summary>
    public long Ahead(long ticket) => ticket - _taken;
}
