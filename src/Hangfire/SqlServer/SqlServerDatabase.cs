using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Data.SqlClient;
using RealtimeOps.Feed;
using RealtimeOps.Storage;
using RealtimeOps.Storage.Shared;
using RealtimeOps.Storage.Sql;

namespace RealtimeOps.Hangfire.SqlServer;

/// <summary>SQL Server, by Microsoft.Data.SqlClient.</summary>
internal sealed partial class SqlServerDatabase : SharedDatabase
{
    /// <summary>Deadlock victim, lock time-out, snapshot conflict.</summary>
    private static readonly HashSet<int> Conflicts = [1205, 1222, 3960];

    /// <summary>What a database that moves or is throttled answers.</summary>
    private static readonly HashSet<int> Passing = [10928, 10929, 49918, 49919, 49920];

    /// <summary>NULL or text that does not fit its column, a key or a constraint, a number out of range.</summary>
    private static readonly HashSet<int> Faults = [220, 245, 515, 547, 2601, 2627, 2628, 8114, 8115, 8152];

    /// <summary>The connection or the database behind it has gone: time-out, broken pipe, killed session, failover, shut-down.</summary>
    private static readonly HashSet<int> Disconnects =
        [-2, -1, 2, 20, 53, 64, 121, 233, 596, 617, 669, 921, 976, 983, 4060, 4221, 6005, 10053, 10054, 10060, 11001, 40143, 40197, 40501, 40540, 40613, 41614, 42108, 42109];

    private const byte EndsTheConnection = 20;

    private readonly string _connectionString;

    /// <param name="connectionString">Which.</param>
    /// <param name="pollInterval">How often it is asked what other servers have changed.</param>
    /// <param name="local">This server's own clock.</param>
    /// <exception cref="StartupException">The connection string cannot be read.</exception>
    public SqlServerDatabase(string connectionString, TimeSpan pollInterval, TimeProvider local)
    {
        RequireCultures();
        try
        {
            var settings = new SqlConnectionStringBuilder(connectionString);
            if (!settings.ShouldSerialize("Application Name"))
            {
                settings.ApplicationName = "RealtimeOps";
            }

            _connectionString = settings.ToString();
            Place = $"{settings.DataSource}/{settings.InitialCatalog}";
            Backplane = new SqlServerBackplane(this, new SqlServerRowVersions(new AdoReader(this), Now), pollInterval, local);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or InvalidOperationException)
        {
            throw new StartupException(
                $"ConnectionStrings:{StorageChoice.ConnectionName} is no connection string of SQL Server, such as 'Server=db;Database=RealtimeOps;User Id=realtimeops;Password=…': {fault.Message}", fault);
        }
    }

    public override SqlDialect Dialect { get; } = new SqlServerDialect();

    public override string Place { get; }

    public override (Assembly Assembly, string Prefix) Scripts => (typeof(SqlServerDatabase).Assembly, "RealtimeOps.Hangfire.SqlServer.Scripts.");

    public override string Now => "SELECT DATEDIFF_BIG(millisecond, CAST('1970-01-01' AS datetime2), SYSUTCDATETIME())";

    public override string LockSchema =>
        """
        DECLARE @granted int;
        EXEC @granted = sys.sp_getapplock @Resource = N'RealtimeOps schema', @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = 25000;
        IF @granted < 0 THROW 51000, N'Another server is changing the schema and does not come to an end.', 1;
        IF OBJECT_ID(N'schema_scripts', N'U') IS NULL CREATE TABLE schema_scripts (number bigint NOT NULL PRIMARY KEY);
        """;

    public override string LastBatch => "SELECT batch FROM writers WITH (UPDLOCK) WHERE id = ?1";

    /// <summary>Older clients have no batches, and a statement here may be two: each has a way of its own.</summary>
    public override bool CanBatch => false;

    /// <summary>An error ends the whole transaction, as the batcher expects.</summary>
    public override string SetUpSession => "SET XACT_ABORT ON";

    public override IFeedBackplane Backplane { get; }

    public override DbConnection Connect() => new SqlConnection(_connectionString);

    public override IReadOnlyList<long> Reserve(SqlSession session, string sequence, int count)
    {
        long first = session.Statement(
            $"DECLARE @first sql_variant; EXEC sys.sp_sequence_get_range @sequence_name = N'{sequence}', @range_size = ?1, @range_first_value = @first OUTPUT; SELECT CAST(@first AS bigint)")
            .Bind(count).Query(row => row.Number(0))[0];
        return [.. Enumerable.Range(0, count).Select(i => first + i)];
    }

    public override WriteFailure Judge(Exception failure, bool isCommitting) => failure switch
    {
        SqlException sql when sql.Class >= EndsTheConnection || Disconnects.Contains(sql.Number) => isCommitting ? WriteFailure.Unknown : WriteFailure.Passing,
        SqlException sql when Conflicts.Contains(sql.Number) => WriteFailure.Conflict,
        SqlException sql when Passing.Contains(sql.Number) => WriteFailure.Passing,
        SqlException sql when Faults.Contains(sql.Number) => WriteFailure.Fault,
        SqlException => WriteFailure.Lasting,
        // A pool that is used up, or a connection that has closed meanwhile.
        InvalidOperationException { Source: "Microsoft.Data.SqlClient" } or DbException or IOException or SocketException or TimeoutException => isCommitting ? WriteFailure.Unknown : WriteFailure.Passing,
        _ => WriteFailure.Fault,
    };

    public override bool MayComeUp(Exception failure) => failure is not SqlException sql || sql.Class >= EndsTheConnection || Disconnects.Contains(sql.Number);

    public override async Task<string?> InspectAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = "SELECT CAST(is_read_committed_snapshot_on AS int), CAST(delayed_durability AS int) FROM sys.databases WHERE database_id = DB_ID()";
        await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        return !await reader.ReadAsync(cancellationToken) ? null
            : reader.GetInt32(1) == 2 ? "The database has DELAYED_DURABILITY = FORCED: after a failure accepted operations may be lost. Set it to DISABLED"
            : reader.GetInt32(0) == 0 ? "The database has READ_COMMITTED_SNAPSHOT off, so that readers wait for writers. ALTER DATABASE … SET READ_COMMITTED_SNAPSHOT ON is recommended"
            : null;
    }

    public override void ForgetConnections()
    {
        using var connection = new SqlConnection(_connectionString);
        SqlConnection.ClearPool(connection);
    }

    public override void Dispose() => ForgetConnections();

    /// <summary>All queries that take a part have an order, so that OFFSET and FETCH can stand for LIMIT.</summary>
    protected override string Spell(string sql) => ParameterPattern().Replace(LimitPattern().Replace(sql, "OFFSET 0 ROWS FETCH NEXT ${count} ROWS ONLY"), "@p${number}");

    /// <summary>Lengths of a few sizes, or the server would keep a plan for each.</summary>
    protected override DbParameter NewParameter(int number, DbType type, object? value) => new SqlParameter
    {
        ParameterName = "@p" + number,
        Size = type switch
        {
            DbType.String => value is string { Length: > 4000 } ? -1 : 4000,
            DbType.Binary => -1,
            _ => 0,
        },
    };

    /// <summary>The client library refuses to work in the invariant mode that this server is built for.</summary>
    private static void RequireCultures()
    {
        try
        {
            _ = CultureInfo.GetCultureInfo("en-US", predefinedOnly: true);
        }
        catch (CultureNotFoundException failure)
        {
            throw new StartupException("The client library of SQL Server needs the cultures of ICU: install libicu and set DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0 in the environment.", failure);
        }
    }

    [GeneratedRegex(@"\?(?<number>[0-9]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ParameterPattern();

    [GeneratedRegex(@"\bLIMIT (?<count>\??[0-9]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LimitPattern();
}
