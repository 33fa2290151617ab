namespace RealtimeOps.Storage;

/// <summary>One connection that writes, a transaction at a time.</summary>
internal interface IWriteSession : IDisposable
{
    /// <param name="writes">How many are coming.</param>
    void Begin(int writes);

    /// <summary>Sends what was posted; all callers' answers stand afterwards.</summary>
    void Flush();

    void Commit();

    /// <summary>What was not committed is given up, and nothing is on its way any more that nobody would tell of.</summary>
    void TakeLeave()
    {
    }
}

/// <summary>Makes sessions, and knows what the failures of their database mean.</summary>
internal interface IWriteSessions<TSession>
{
    TSession Open();

    WriteFailure Judge(Exception failure, bool isCommitting);

    /// <summary>Whether the commit of this session, disposed by now, that got no answer was made after all; throws while that cannot be told.</summary>
    bool WasCommitted(TSession lost);
}
