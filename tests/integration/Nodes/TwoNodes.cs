using Npgsql;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Nodes;

/// <summary>Two gateways over one PostgreSQL.</summary>
internal sealed class TwoNodes : IAsyncDisposable
{
    private readonly string _database;

    private TwoNodes(GatewayServer one, GatewayServer other, string database) => (One, Other, _database) = (one, other, database);

    /// <summary>Where tests submit, and so where it runs.</summary>
    public GatewayServer One { get; }

    /// <summary>Where tests look.</summary>
    public GatewayServer Other { get; }

    public static Task<TwoNodes> StartAsync(Script? script = null, params (string Key, string Value)[] settings) =>
        StartAsync(script, settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));

    /// <summary>The path of what an answer of one node calls by its own address.</summary>
    public static string Path(string uri) => new Uri(uri).AbsolutePath;

    /// <summary>Cuts the connections on which the nodes hear each other; answers how many it was.</summary>
    public async Task<int> CutAsync()
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(_database + ";Pooling=false");
        await using NpgsqlCommand cut = source.CreateCommand(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1 AND (query LIKE 'LISTEN realtimeops_%' OR query LIKE 'SELECT id, batch FROM writers%')");
        cut.Parameters.AddWithValue(new NpgsqlConnectionStringBuilder(_database).ApplicationName!);
        return Convert.ToInt32(await cut.ExecuteScalarAsync(TestContext.Current.CancellationToken).Limited(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until a node listens to the others.</summary>
    public static async Task HearsAsync(GatewayServer node)
    {
        using var limit = new CancellationTokenSource(Limits.Limit);
        while ((await node.Client.GetAsync("/health/ready")).Text is var health && health.Contains("not heard", StringComparison.Ordinal))
        {
            limit.IsCancellationRequested.ShouldBeFalse(health);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Other.DisposeAsync();
    }

    private static async Task<TwoNodes> StartAsync(Script? script, Dictionary<string, string?> settings)
    {
        foreach ((string key, string? value) in await TestStore.NewAsync(TestStore.Postgres))
        {
            settings[key] = value;
        }

        GatewayServer one = await GatewayServer.StartAsync(settings, script);
        try
        {
            var nodes = new TwoNodes(one, await GatewayServer.StartAsync(settings, script), settings["ConnectionStrings:RealtimeOps"]!);
            await nodes.HearEachOtherAsync();
            return nodes;
        }
        catch
        {
            await one.DisposeAsync();
            throw;
        }
    }

    private async Task HearEachOtherAsync()
    {
        await HearsAsync(One);
        await HearsAsync(Other);
    }
}
