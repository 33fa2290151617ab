using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using RealtimeOps.Feed;
using RealtimeOps.Storage.Shared;
using RealtimeOps.Storage.Sql;

namespace RealtimeOps.Storage.Postgres;

/// <summary>PostgreSQL, by Npgsql.</summary>
internal sealed partial class PostgresDatabase : SharedDatabase
{
    private const string IdleInTransaction = "25P03";

    private readonly NpgsqlDataSource _source;
    private readonly PostgresBackplane _backplane;

    /// <exception cref="StartupException">The connection string cannot be read.</exception>
    public PostgresDatabase(string connectionString, TimeProvider time)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString);
            settings.ApplicationName ??= "RealtimeOps";
            if (!settings.ContainsKey("Max Auto Prepare") || settings.MaxAutoPrepare == 0)
            {
                // The statements are few and always the same: the server plans each once.
                settings.MaxAutoPrepare = 200;
                settings.AutoPrepareMinUsages = 2;
            }

            _source = NpgsqlDataSource.Create(settings);
            _backplane = new PostgresBackplane(_source, time);
            Place = $"{settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}";
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or InvalidOperationException or InvalidCastException)
        {
            throw new StartupException($"ConnectionStrings:{StorageChoice.ConnectionName} is no connection string of PostgreSQL, such as 'Host=db;Database=realtimeops;Username=realtimeops;Password=…': {fault.Message}", fault);
        }
    }

    public override SqlDialect Dialect { get; } = new PostgresDialect();

    public override string Place { get; }

    public override (Assembly Assembly, string Prefix) Scripts => (typeof(PostgresDatabase).Assembly, "RealtimeOps.Storage.Postgres.Scripts.");

    public override string Now => "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";

    public override string LockSchema => "SELECT pg_advisory_xact_lock(7257143318); CREATE TABLE IF NOT EXISTS schema_scripts (number bigint PRIMARY KEY)";

    public override string LastBatch => "SELECT batch FROM writers WHERE id = ?1 FOR UPDATE";

    public override bool CanBatch => true;

    /// <summary>
    /// A commit that does not wait for the disk would break the promise of the 202. And a server whose machine is lost in the middle of a transaction would keep its locks, for which
    /// the others' writes wait, until TCP gives it up after hours.
    /// </summary>
    public override string SetUpSession =>
        """
        SELECT set_config('idle_in_transaction_session_timeout', '10s', false),
            CASE WHEN current_setting('synchronous_commit') = 'off' THEN set_config('synchronous_commit', 'on', false) END
        """;

    public override IFeedBackplane Backplane => _backplane;

    public override bool HasUntold => _backplane.IsBehind;

    public override DbConnection Connect() => _source.CreateConnection();

    public override void ForgetConnections() => _source.Clear();

    public override IReadOnlyList<long> Reserve(SqlSession session, string sequence, int count) =>
        session.Statement($"SELECT nextval('{sequence}') FROM generate_series(1, ?1)").Bind(count).Query(row => row.Number(0));

    public override WriteFailure Judge(Exception failure, bool isCommitting) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable } => WriteFailure.Conflict,
        PostgresException { SqlState: var state } when IsDisconnect(state) => isCommitting ? WriteFailure.Unknown : WriteFailure.Passing,
        PostgresException { SqlState: ['2', '2' or '3', ..] } => WriteFailure.Fault,
        PostgresException => WriteFailure.Lasting,
        DbException or IOException or SocketException or TimeoutException => isCommitting ? WriteFailure.Unknown : WriteFailure.Passing,
        _ => WriteFailure.Fault,
    };

    public override bool MayComeUp(Exception failure) => failure is not PostgresException { SqlState: var state } || IsDisconnect(state);

    public override async Task<string?> InspectAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        string encoding = await SettingAsync(connection, "server_encoding", cancellationToken);
        if (encoding != "UTF8")
        {
            throw new StartupException($"The database '{Place}' has the encoding {encoding}. Create one with the encoding UTF8.");
        }

        return await SettingAsync(connection, "fsync", cancellationToken) == "off"
            ? "The database runs with fsync = off: after a power failure accepted operations may be lost"
            : null;
    }

    /// <summary>PostgreSQL has no text with a NUL, and its UTF-8 no half of a pair.</summary>
    public override string? Storable(string? text) =>
        text is null ? null
        : text.Contains('\0') || text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD')
        : text;

    public override void Dispose() => _source.Dispose();

    protected override string Spell(string sql) => ParameterPattern().Replace(sql, "$$${number}");

    protected override DbParameter NewParameter(int number, DbType type, object? value) => new NpgsqlParameter();

    /// <summary>The connection, or the whole server, has gone: classes 08 and 57P, too many connections, and a transaction that this server has let lie.</summary>
    private static bool IsDisconnect(string state) =>
        state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("57P", StringComparison.Ordinal)
        || state is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.TooManyConnections or IdleInTransaction;

    private static async Task<string> SettingAsync(DbConnection connection, string name, CancellationToken cancellationToken)
    {
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT current_setting('{name}')";
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    [GeneratedRegex(@"\?(?<number>[0-9]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ParameterPattern();
}
