using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Storage.Sql;

namespace RealtimeOps.Storage;

/// <summary>What a database brings; the stores above it are the same for all.</summary>
internal abstract class StorageProvider : IWriteSessions<SqlSession>, IDisposable
{
    public abstract SqlDialect Dialect { get; }

    public abstract ISqlReader Reader { get; }

    public abstract StoredPayloads Payloads { get; }

    public abstract ISecretStore Secrets { get; }

    /// <summary>The folder that it fills on a disk of this machine; null where it fills none.</summary>
    public virtual string? Folder => null;

    /// <summary>What carries changes to the other servers that use the same database; null where there are none, or where nothing can.</summary>
    public virtual IFeedBackplane? Backplane => null;

    /// <summary>The clock of all that is compared between servers.</summary>
    public abstract TimeProvider Time { get; }

    /// <summary>Makes it ready, with the present schema; answers what to tell the operator.</summary>
    /// <exception cref="StartupException">It cannot be used.</exception>
    public abstract Task<(string Place, int Schema)> PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Copies everything that it keeps into a new folder, while servers use it. Needs no <see cref="PrepareAsync"/>.</summary>
    /// <exception cref="StartupException">It cannot be copied, or not by this server.</exception>
    public abstract void BackUp(string folder);

    public abstract SqlSession Open();

    public abstract WriteFailure Judge(Exception failure, bool isCommitting);

    public abstract bool WasCommitted(SqlSession lost);

    public abstract void Dispose();
}

/// <summary>A database that this program has, under the name that the setting <c>Storage:Provider</c> gives it.</summary>
internal sealed record StorageRegistration(string Name, Func<IServiceProvider, StorageProvider> Resolve);
