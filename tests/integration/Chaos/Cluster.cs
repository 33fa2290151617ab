using System.Globalization;
using System.Text.RegularExpressions;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using RealtimeOps.TestSupport.Promises;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Chaos;

/// <summary>Three gateways as processes of their own, on one PostgreSQL; each of them, and the database, can be ended and begun anew.</summary>
internal sealed partial class Cluster : IAsyncDisposable
{
    public const int Nodes = 3;

    /// <summary>An error in a log that a lost database explains: the store cannot be written.</summary>
    private const int StoreUnwritable = 101;

    private const int ShownLines = 40;

    private readonly TemporaryFolder _data = new();
    private readonly ServerProcess[] _nodes = new ServerProcess[Nodes];
    private readonly List<ServerProcess> _all = [];
    private readonly PostgresServer _postgres;
    private readonly string[] _settings;

    /// <summary>A server that finds no database at its start ends with a word about it, for its service manager to start it again; here nobody would.</summary>
    private readonly SemaphoreSlim _starting = new(1);

    private Cluster(PostgresServer postgres, string database)
    {
        _postgres = postgres;
        _settings =
        [
            "--Storage:Provider=postgres", "--ConnectionStrings:RealtimeOps=" + database, "--Engine=inprocess",
            $"--Execution:Lease={Lease}", "--Execution:SweepInterval=00:00:00.5", "--Execution:Workers=40", "--Operations:demo.steps:RetryDelays:0=00:00:00.3",
            "--Webhooks:AllowedTargets:0=127.0.0.1", "--Webhooks:Timeout=00:00:02", "--Webhooks:ConcurrencyPerTarget=64",
            "--Webhooks:RetrySchedule:0=00:00:00.3", "--Webhooks:RetrySchedule:1=00:00:01", "--Webhooks:RetrySchedule:2=00:00:02", "--Webhooks:RetrySchedule:3=00:00:05", "--Webhooks:RetrySchedule:4=00:00:05",
            "--Serilog:MinimumLevel:Override:RealtimeOps.Feed.OperationJournal=Debug",
            "--Log:Template=[{Level:u3}] {EventId} {SourceContext} {Message:lj}{NewLine}{Exception}",
        ];
        Client = new PersistentClient(() => _nodes[Random.Shared.Next(Nodes)].Client);
        Each = [.. Enumerable.Range(0, Nodes).Select(node => new PersistentClient(() => _nodes[node].Client))];
    }

    public static TimeSpan Lease { get; } = TimeSpan.FromSeconds(3);

    /// <summary>Asks any node.</summary>
    public PersistentClient Client { get; }

    /// <summary>Asks one node.</summary>
    public IReadOnlyList<PersistentClient> Each { get; }

    public static async Task<Cluster> StartAsync()
    {
        PostgresServer postgres = await PostgresServer.StartAsync();
        try
        {
            var cluster = new Cluster(postgres, await postgres.NewSchemaAsync());
            for (int node = 0; node < Nodes; node++)
            {
                await cluster.StartNodeAsync(node);
            }

            return cluster;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>The node as it lives now.</summary>
    public ServerProcess this[int node] => _nodes[node];

    /// <summary>Ends the node without warning, and starts it again after a while.</summary>
    public async Task KillAsync(int node, TimeSpan away)
    {
        await _nodes[node].KillAsync();
        await Task.Delay(away, TimeProvider.System, TestContext.Current.CancellationToken);
        await StartNodeAsync(node);
    }

    public async Task CrashDatabaseAsync(TimeSpan away)
    {
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await _postgres.CrashAsync();
            await Task.Delay(away, TimeProvider.System, TestContext.Current.CancellationToken);
            await _postgres.StartAgainAsync();
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Ends all nodes in order; none may have logged an error but for the lost database.</summary>
    public async Task StopAsync()
    {
        int[] codes = await Task.WhenAll(_nodes.Select(node => node.StopAsync()));
        codes.ShouldAllBe(code => code == 0);
        _all.SelectMany(node => node.Output.Split('\n'))
            .Where(line => ErrorLine().Match(line) is { Success: true } error && error.Groups["id"].Value != StoreUnwritable.ToString(CultureInfo.InvariantCulture))
            .ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServerProcess node in _all)
        {
            await node.DisposeAsync();
            TestContext.Current.TestOutputHelper?.WriteLine($"A node's last words:\n{string.Join('\n', node.Output.Split('\n').TakeLast(ShownLines))}");
        }

        await _postgres.DisposeAsync();
        _data.Dispose();
        _starting.Dispose();
    }

    private async Task StartNodeAsync(int node)
    {
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            ServerProcess started = _nodes[node] = await ServerProcess.StartAsync(_data.Combine($"{node}"), _settings);
            lock (_all)
            {
                _all.Add(started);
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    [GeneratedRegex(@"^\[(ERR|FTL)\] (\{ Id: (?<id>\d+))?|^Unhandled exception", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ErrorLine();
}
