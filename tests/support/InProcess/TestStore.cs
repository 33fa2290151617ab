using Xunit;

[assembly: AssemblyFixture(typeof(RealtimeOps.TestSupport.InProcess.TestStore))]

namespace RealtimeOps.TestSupport.InProcess;

/// <summary>
/// The databases that tests run on. All servers of the tests use the one that REALTIMEOPS_TEST_STORE names: <c>sqlite</c> (the default), <c>postgres</c> or <c>sqlserver</c>. PostgreSQL is started here
/// when somebody asks for it; SQL Server is that of REALTIMEOPS_TEST_SQLSERVER, the connection string of a database for tests.
/// </summary>
public sealed class TestStore : IAsyncDisposable
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";
    public const string SqlServer = "sqlserver";

    private static readonly SemaphoreSlim Starting = new(1, 1);
    private static PostgresServer? _postgres;

    /// <summary>What servers use that name no other.</summary>
    public static string Default => Environment.GetEnvironmentVariable("REALTIMEOPS_TEST_STORE") is { Length: > 0 } named ? named : Sqlite;

    public static bool IsShared => Default != Sqlite;

    /// <summary>The settings of an empty store of this kind; skips the test where there is none. SQLite's is in the data folder.</summary>
    public static async Task<Dictionary<string, string?>> NewAsync(string provider) => new()
    {
        ["Storage:Provider"] = provider,
        ["ConnectionStrings:RealtimeOps"] = provider switch
        {
            Postgres => await (await PostgresAsync()).NewSchemaAsync(),
            SqlServer => SqlServerDatabase(),
            _ => null,
        },
    };

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }
    }

    private static async Task<PostgresServer> PostgresAsync()
    {
        await Starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _postgres ??= await PostgresServer.StartAsync();
        }
        finally
        {
            Starting.Release();
        }
    }

    private static string SqlServerDatabase()
    {
        string? named = Environment.GetEnvironmentVariable("REALTIMEOPS_TEST_SQLSERVER");
        Assert.SkipWhen(string.IsNullOrEmpty(named), "Name an empty SQL Server database in REALTIMEOPS_TEST_SQLSERVER to run this.");
        return named;
    }
}
