using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire.SqlServer;

/// <summary>The counter that every insert and update of some tables takes a number from, and what lies between two of its numbers.</summary>
internal interface IRowVersions
{
    /// <summary>Where the database stands. What is read after this sees everything below it, and nothing below it is still on its way.</summary>
    ValueTask<RowVersionMark> MarkAsync(CancellationToken cancellationToken);

    /// <summary>The operations whose last change has a number from <paramref name="from"/> to below <paramref name="to"/>, in this order.</summary>
    ValueTask<List<(long Version, Operation Changed)>> OperationsAsync(long from, long to, int most, CancellationToken cancellationToken);

    /// <summary>As <see cref="OperationsAsync"/>, what the nodes have sent.</summary>
    ValueTask<List<(long Version, string Envelope)>> EnvelopesAsync(long from, long to, int most, CancellationToken cancellationToken);
}

/// <summary>A place in the order of changes.</summary>
/// <param name="Version">The lowest number that is not yet committed.</param>
/// <param name="Now">The database's clock, in Unix milliseconds.</param>
internal readonly record struct RowVersionMark(long Version, long Now);
