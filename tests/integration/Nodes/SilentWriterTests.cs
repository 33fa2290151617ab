using Npgsql;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Nodes;

/// <summary>Servers that wrote something and died before they told it: nobody misses a message, so the database has to show that a writer has fallen silent.</summary>
public sealed class SilentWriterTests
{
    [Fact]
    public async Task Follower_WhenAWriterFallsSilent_BeginsAnew()
    {
        (Dictionary<string, string?> settings, NpgsqlDataSource database) = await NewDatabaseAsync();
        await using NpgsqlDataSource _ = database;
        await using GatewayServer server = await GatewayServer.StartAsync(settings);
        await TwoNodes.HearsAsync(server);
        await using EventStream feed = await server.Client.WatchAsync("/operations");
        await ReachAsync(feed, "ready");

        // One that this server has never heard a word of.
        await ExecuteAsync(database, "INSERT INTO writers (id, batch, seen_at) VALUES (7, 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)");

        await ReachAsync(feed, "reset");
        await ReachAsync(feed, "ready");
    }

    [Fact]
    public async Task Server_StoppedInOrder_LeavesNoWriterThatCouldFallSilent()
    {
        (Dictionary<string, string?> settings, NpgsqlDataSource database) = await NewDatabaseAsync();
        await using NpgsqlDataSource _ = database;
        await using (GatewayServer server = await GatewayServer.StartAsync(settings))
        {
            await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);
            (await ExecuteAsync(database, "SELECT count(*) FROM writers")).ShouldBe(1L);
        }

        (await ExecuteAsync(database, "SELECT count(*) FROM writers")).ShouldBe(0L);
    }

    private static async Task<(Dictionary<string, string?> Settings, NpgsqlDataSource Database)> NewDatabaseAsync()
    {
        Dictionary<string, string?> settings = await TestStore.NewAsync(TestStore.Postgres);
        return (settings, NpgsqlDataSource.Create(settings["ConnectionStrings:RealtimeOps"] + ";Pooling=false"));
    }

    private static async Task ReachAsync(EventStream feed, string type)
    {
        while ((await feed.NextAsync()).ShouldNotBeNull().EventType != type)
        {
            // The feed has other things to tell, too.
        }
    }

    private static async Task<object?> ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using NpgsqlCommand command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken).Limited();
    }
}
