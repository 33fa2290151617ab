using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using RealtimeOps.Operations;
using RealtimeOps.Storage;
using RealtimeOps.Storage.Postgres;
using RealtimeOps.Storage.Shared;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Stores;

/// <summary>What only a shared store has to stand: clocks that differ, and connections that break.</summary>
public sealed class SharedStoreTests : StoreTests
{
    [Fact]
    public async Task Lease_OfServersWhoseClocksDiffer_LapsesByTheDatabasesTime()
    {
        Dictionary<string, string?> settings = await TestStore.NewAsync(TestStore.Postgres);
        var ahead = new ShiftedTime();
        var behind = new ShiftedTime();
        ahead.Advance(TimeSpan.FromMinutes(5));
        behind.Advance(TimeSpan.FromMinutes(-5));
        await using StoreNode fast = await StoreNode.StartAsync(settings, WithClock(settings, ahead));
        await using StoreNode slow = await StoreNode.StartAsync(settings, WithClock(settings, behind));
        DateTimeOffset real = TimeProvider.System.GetUtcNow();

        (fast.Now - real).Duration().ShouldBeLessThan(TimeSpan.FromSeconds(5));
        (slow.Now - real).Duration().ShouldBeLessThan(TimeSpan.FromSeconds(5));
        Operation held = (await slow.AcceptAsync(slow.Make("one"))).Operation.Start(slow.Now, TimeSpan.FromSeconds(15)).ShouldNotBeNull("it is due on every server");
        await slow.Operations.UpdateAsync(held, []);

        (await fast.Operations.ListLapsedAsync(fast.Now, 10, TestContext.Current.CancellationToken)).ShouldBeEmpty();
        (await fast.Operations.ListLapsedAsync(fast.Now.AddSeconds(16), 10, TestContext.Current.CancellationToken)).ShouldBe([held.Key]);
    }

    [Fact]
    public void Clock_SetOnThisServer_DoesNotMove()
    {
        var local = new ShiftedTime();
        var clock = new DatabaseClock(local);
        DateTimeOffset database = DateTimeOffset.FromUnixTimeMilliseconds(1_000_000_000_000);
        clock.Set(() => database.ToUnixTimeMilliseconds());

        local.Advance(TimeSpan.FromMinutes(-5));

        (clock.GetUtcNow() - database).ShouldBeLessThan(TimeSpan.FromMinutes(1));
        clock.GetUtcNow().ShouldBeGreaterThanOrEqualTo(database);
    }

    /// <summary>Every connection in a transaction is cut a dozen times while many submit: what was answered is there, and everything is there once.</summary>
    [Fact]
    public async Task Accept_WhileConnectionsBreak_LosesNothingThatWasAnswered()
    {
        const int lanes = 16;
        const int each = 40;
        Dictionary<string, string?> settings = await TestStore.NewAsync(TestStore.Postgres);
        await using StoreNode node = await StoreNode.StartAsync(settings);
        string schema = new NpgsqlConnectionStringBuilder(settings["ConnectionStrings:RealtimeOps"]).SearchPath!;
        await using NpgsqlDataSource other = NpgsqlDataSource.Create(settings["ConnectionStrings:RealtimeOps"]!);
        int cut = 0;

        await Task.WhenAll(Enumerable.Range(0, lanes).Select(async lane =>
        {
            for (int i = 0; i < each; i++)
            {
                if (lane == 0 && i % 3 == 0)
                {
                    await using NpgsqlCommand end = other.CreateCommand(
                        $"SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE pid <> pg_backend_pid() AND relation IN (SELECT oid FROM pg_class WHERE relnamespace = '{schema}'::regnamespace)");
                    cut += (long)(await end.ExecuteScalarAsync(TestContext.Current.CancellationToken))! > 0 ? 1 : 0;
                }

                await UntilAcceptedAsync(node, $"{lane}-{i}");
            }
        }));

        cut.ShouldBeGreaterThan(0);
        (await node.Operations.ListAsync(new OperationFilter(), long.MaxValue, 1000, TestContext.Current.CancellationToken)).Count.ShouldBe(lanes * each);
        node.Operations.Trouble.ShouldBeNull();
    }

    [Fact]
    public async Task Store_WhoseDatabaseStops_SaysSoAndRecovers()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using StoreNode node = await StoreNode.StartAsync(new Dictionary<string, string?> { ["Storage:Provider"] = TestStore.Postgres, ["ConnectionStrings:RealtimeOps"] = await server.NewSchemaAsync() });
        await node.AcceptAsync(node.Make("before"));

        await server.StopAsync();
        await Should.ThrowAsync<StoreUnavailableException>(() => node.AcceptAsync(node.Make("during")));
        node.Operations.Trouble.ShouldNotBeNull();
        await Should.ThrowAsync<StoreUnavailableException>(async () => await node.Operations.FindAsync(new OperationKey("t", "before"), TestContext.Current.CancellationToken));

        await server.StartAgainAsync();
        (await node.AcceptAsync(node.Make("after"))).IsNew.ShouldBeTrue();
        node.Operations.Trouble.ShouldBeNull();
        (await node.Operations.ListAsync(new OperationFilter(), long.MaxValue, 10, TestContext.Current.CancellationToken)).Select(operation => operation.Key.Id).ShouldBe(["after", "before"]);
    }

    /// <summary>As when its machine is lost in the middle of a transaction: nobody closes the connection, and others wait for its locks.</summary>
    [Fact]
    public async Task Transaction_ThatIsLeftLying_IsEndedByTheDatabase()
    {
        Dictionary<string, string?> settings = await TestStore.NewAsync(TestStore.Postgres);
        await using StoreNode node = await StoreNode.StartAsync(settings);
        var storage = (SharedStorage)node.Storage;
        using var lost = (AdoSession)storage.Open();
        lost.Begin(1);
        lost.Flush();

        await using NpgsqlDataSource other = NpgsqlDataSource.Create(settings["ConnectionStrings:RealtimeOps"] + ";Pooling=false");
        await using NpgsqlCommand blocked = other.CreateCommand($"UPDATE writers SET batch = batch WHERE id = {lost.Id}");
        (await blocked.ExecuteNonQueryAsync(TestContext.Current.CancellationToken).Limited()).ShouldBe(1);

        storage.WasCommitted(lost).ShouldBeFalse();
        storage.Judge(Should.Throw<Exception>(lost.Commit), isCommitting: true).ShouldBe(WriteFailure.Unknown);
    }

    [Fact]
    public async Task Session_GivenUpInTheMiddle_WritesNothingAndTakesItsLeave()
    {
        Dictionary<string, string?> settings = await TestStore.NewAsync(TestStore.Postgres);
        await using StoreNode node = await StoreNode.StartAsync(settings);
        using var session = (AdoSession)((SharedStorage)node.Storage).Open();
        session.Begin(1);
        session.Statement("INSERT INTO writers (id, batch, seen_at) VALUES (?1, 0, ?2)").Bind(session.Id + 1).Bind(node.Now.ToUnixTimeMilliseconds()).Post();

        session.TakeLeave();

        await using NpgsqlDataSource other = NpgsqlDataSource.Create(settings["ConnectionStrings:RealtimeOps"] + ";Pooling=false");
        await using NpgsqlCommand left = other.CreateCommand($"SELECT count(*) FROM writers WHERE id IN ({session.Id}, {session.Id + 1})");
        (await left.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(0L);
    }

    [Fact]
    public async Task Payload_StagedAndDiscarded_IsSweptAndANamedOneIsNot()
    {
        StoreNode node = await StartOneAsync(TestStore.Postgres);
        PayloadChunks chunks = ((SharedStorage)node.Storage).Chunks;
        byte[] large = new byte[700_000];
        Payload discarded = await node.Payloads.StageAsync("text/plain", large);
        Payload waiting = await node.Payloads.StageAsync("text/plain", large);
        Payload named = await node.Payloads.StageAsync("text/plain", large);
        long sequence = (await node.Operations.AcceptAsync(node.Make("one"), named)).Operation.Sequence;
        node.Payloads.Discard(discarded);
        node.Payloads.Discard(named);

        await chunks.SweepAsync(TestContext.Current.CancellationToken);

        await Should.ThrowAsync<FileNotFoundException>(() => node.ReadAsync(discarded));
        (await node.ReadAsync(waiting)).Length.ShouldBe(large.Length);
        (await node.ReadAsync((await node.Operations.FindInputAsync(sequence, TestContext.Current.CancellationToken))!)).Length.ShouldBe(large.Length);
    }

    private static Action<IServiceCollection> WithClock(Dictionary<string, string?> settings, TimeProvider clock) => services => services.AddSingleton(new StorageRegistration(
        TestStore.Postgres,
        provider => new SharedStorage(new PostgresDatabase(settings["ConnectionStrings:RealtimeOps"]!, TimeProvider.System), clock, provider.GetRequiredService<ILoggerFactory>())));

    /// <summary>As a client that hears 503 sends it again.</summary>
    private static async Task UntilAcceptedAsync(StoreNode node, string id)
    {
        for (int tried = 0; ; tried++)
        {
            try
            {
                await node.AcceptAsync(node.Make(id));
                return;
            }
            catch (StoreUnavailableException) when (tried < 20)
            {
                // Nothing of it was accepted.
            }
        }
    }
}
