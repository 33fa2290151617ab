namespace RealtimeOps.Storage;

/// <summary>What a failure of a batch means.</summary>
internal enum WriteFailure
{
    /// <summary>Nothing was written, and trying again at once would not help.</summary>
    Lasting,

    /// <summary>Nothing was written; it may pass by itself.</summary>
    Passing,

    /// <summary>Nothing was written, since another writer came in between: the next try does.</summary>
    Conflict,

    /// <summary>Nothing was written; something in the batch is not acceptable.</summary>
    Fault,

    /// <summary>The commit got no answer.</summary>
    Unknown,
}
