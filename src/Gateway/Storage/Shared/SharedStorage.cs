using System.Data.Common;
using System.Net.Sockets;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Storage.Sql;

namespace RealtimeOps.Storage.Shared;

/// <summary>A database that several servers use at a time.</summary>
internal sealed class SharedStorage : StorageProvider
{
    /// <summary>A database that is starting beside this server is there in a moment.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>In seconds. Who has to wait for longer asks again, on another connection.</summary>
    private const int AskLimit = 5;

    private readonly SharedDatabase _database;
    private readonly TimeProvider _local;
    private readonly DatabaseClock _clock;
    private readonly ILogger _logger;

    /// <param name="database">Which.</param>
    /// <param name="local">This server's own clock.</param>
    /// <param name="loggers">Where to tell.</param>
    public SharedStorage(SharedDatabase database, TimeProvider local, ILoggerFactory loggers)
    {
        _database = database;
        _local = local;
        _clock = new DatabaseClock(local);
        _logger = loggers.CreateLogger<SharedStorage>();
        var reader = new AdoReader(database);
        Reader = reader;
        Chunks = new PayloadChunks(database, reader, _clock, loggers.CreateLogger<PayloadChunks>());
        Secrets = new DatabaseSecrets(database, loggers.CreateLogger<DatabaseSecrets>());
    }

    public override SqlDialect Dialect => _database.Dialect;

    public override ISqlReader Reader { get; }

    public override StoredPayloads Payloads => Chunks;

    public PayloadChunks Chunks { get; }

    public override ISecretStore Secrets { get; }

    public override IFeedBackplane? Backplane => _database.Backplane;

    public override TimeProvider Time => _clock;

    public override async Task<(string Place, int Schema)> PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using DbConnection connection = await ConnectAsync(cancellationToken);
            if (await _database.InspectAsync(connection, cancellationToken) is { } advice)
            {
                StorageLog.Advice(_logger, advice);
            }

            var scripts = new SchemaScripts(_database);
            await scripts.ApplyAsync(connection, cancellationToken);
            _clock.Set(() => Now(connection));
            return (_database.Place, scripts.Count);
        }
        catch (Exception failure) when (failure is DbException or SocketException or TimeoutException or InvalidOperationException)
        {
            throw new StartupException($"The database '{_database.Place}' cannot be used: {failure.Message.TrimEnd('.')}. Look at ConnectionStrings:{StorageChoice.ConnectionName}, and whether the database runs.", failure);
        }
    }

    public override void BackUp(string folder) =>
        throw new StartupException($"Everything is in the database '{_database.Place}': back it up with its own tools, such as pg_dump.");

    public override SqlSession Open() => new AdoSession(_database, _clock);

    public override WriteFailure Judge(Exception failure, bool isCommitting)
    {
        WriteFailure kind = _database.Judge(failure, isCommitting);
        if (kind is WriteFailure.Passing or WriteFailure.Unknown)
        {
            _database.ForgetConnections();
        }

        return kind;
    }

    public override bool WasCommitted(SqlSession lost)
    {
        var session = (AdoSession)lost;
        using DbConnection connection = _database.Connect();
        connection.Open();
        using DbCommand command = _database.Command(connection, _database.LastBatch, session.Id);
        command.CommandTimeout = AskLimit;
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture) == session.Batch;
    }

    /// <summary>Forgets writers that are long gone.</summary>
    public Task SweepWritersAsync(CancellationToken cancellationToken) =>
        _database.ExecuteAsync("DELETE FROM writers WHERE seen_at <= ?1", cancellationToken, (_clock.GetUtcNow() - TimeSpan.FromDays(1)).ToUnixTimeMilliseconds());

    public override void Dispose() => _database.Dispose();

    private async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        long start = _local.GetTimestamp();
        while (true)
        {
            DbConnection connection = _database.Connect();
            try
            {
                await connection.OpenAsync(cancellationToken);
                return connection;
            }
            catch (Exception failure) when (failure is DbException or SocketException or TimeoutException
                && _database.MayComeUp(failure) && _local.GetElapsedTime(start) < LongestWait)
            {
                await connection.DisposeAsync();
                await Task.Delay(Pause, _local, cancellationToken);
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }
    }

    private long Now(DbConnection connection)
    {
        using DbCommand command = _database.Command(connection, _database.Now);
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
