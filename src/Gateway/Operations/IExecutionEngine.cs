namespace RealtimeOps.Operations;

/// <summary>Gets operations run. Only the key travels: the store is the truth, and the engine may forget or run a job twice.</summary>
internal interface IExecutionEngine
{
    /// <summary>
    /// Tells the engine of an operation that waits. Never blocks; telling it twice is harmless. False when the engine keeps as many as it
    /// can: the rest stay in the store until there is room.
    /// </summary>
    bool Enqueue(WaitingOperation operation);

    /// <summary>The operation was canceled, or is to be: asks its handler, if it runs on this node, to stop.</summary>
    void Cancel(OperationKey key);

    /// <summary>About how many operations are ahead of this one; null when the engine cannot tell.</summary>
    int? QueuePosition(OperationKey key);
}
