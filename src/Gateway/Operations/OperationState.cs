namespace RealtimeOps.Operations;

/// <summary>Where an operation stands. The numbers are stored; never change them.</summary>
public enum OperationState
{
    /// <summary>Accepted; waits for its turn or its time.</summary>
    Queued = 0,

    /// <summary>An attempt is running.</summary>
    Running = 1,

    /// <summary>An attempt failed; the next one waits for its time.</summary>
    Retrying = 2,

    /// <summary>Somebody asked to cancel; the handler has not stopped yet.</summary>
    Canceling = 3,

    /// <summary>Ended well.</summary>
    Succeeded = 4,

    /// <summary>Ended badly.</summary>
    Failed = 5,

    /// <summary>Ended because somebody asked, and the handler has stopped.</summary>
    Canceled = 6,
}

/// <summary>The transition table: the only place that says which state may follow which.</summary>
internal static class OperationStates
{
    private static readonly OperationState[][] Successors =
    [
        /* Queued    */ [OperationState.Running, OperationState.Canceled],
        /* Running   */ [OperationState.Queued, OperationState.Retrying, OperationState.Canceling, OperationState.Succeeded, OperationState.Failed],
        /* Retrying  */ [OperationState.Running, OperationState.Canceled],
        /* Canceling */ [OperationState.Succeeded, OperationState.Failed, OperationState.Canceled],
        /* Succeeded */ [],
        /* Failed    */ [],
        /* Canceled  */ [],
    ];

    private static readonly string[] Names = ["queued", "running", "retrying", "canceling", "succeeded", "failed", "canceled"];

    public static bool MayBecome(this OperationState from, OperationState to) => Array.IndexOf(Successors[(int)from], to) >= 0;

    /// <summary>Ended states have no successors.</summary>
    public static bool IsFinal(this OperationState state) => state >= OperationState.Succeeded;

    /// <summary>A handler holds the operation: only its attempt may say how it goes on.</summary>
    public static bool IsHeld(this OperationState state) => state is OperationState.Running or OperationState.Canceling;

    /// <summary>It waits to be claimed by a worker.</summary>
    public static bool IsWaiting(this OperationState state) => state is OperationState.Queued or OperationState.Retrying;

    public static string Name(this OperationState state) => Names[(int)state];

    public static bool TryParse(string name, out OperationState state)
    {
        int index = Array.IndexOf(Names, name);
        state = (OperationState)index;
        return index >= 0;
    }
}
