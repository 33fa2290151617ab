#if USE_HANGFIRE
using System.Collections.Concurrent;
using System.Net;
using Hangfire.InMemory;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;
using Microsoft.Extensions.DependencyInjection;
using RealtimeOps.Execution;
using RealtimeOps.Hangfire;
using RealtimeOps.Operations;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Hangfire;

/// <summary>Two gateways with one job storage, and the store of the first one for both: a job belongs to no node.</summary>
public sealed class SharedJobsTests
{
    private static readonly Dictionary<string, string?> Settings = new() { ["Execution:SweepInterval"] = "00:00:00.2", ["Execution:Workers"] = "2" };

    [Fact]
    public async Task Jobs_OfOneNode_AreRunByBothAndEachOnce()
    {
        const int count = 40;
        var runs = new ConcurrentQueue<string>();
        var nodes = new ConcurrentDictionary<string, int>();
        await using Pair pair = await Pair.StartAsync(async (node, context, cancellation) =>
        {
            runs.Enqueue(context.Key.Id);
            nodes.AddOrUpdate(node, 1, static (_, known) => known + 1);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellation);
        });

        string[] uris = await Task.WhenAll(Enumerable.Range(0, count).Select(async _ => (await pair.First.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri));
        await Task.WhenAll(uris.Select(uri => pair.EndAsync(uri)));

        runs.Count.ShouldBe(count, "The sweepers of both nodes have seen all that waited.");
        nodes.Keys.Order().ShouldBe(["first", "second"]);
        foreach (string uri in uris)
        {
            await pair.FirstDashboard.JobAsync(uri, "Succeeded");
        }

        StatisticsDto statistics = pair.Jobs.GetMonitoringApi().GetStatistics();
        (statistics.Succeeded + statistics.Processing + statistics.Enqueued + statistics.Deleted).ShouldBeLessThanOrEqualTo(count, "No operation has a second job.");
    }

    [Fact]
    public async Task Delete_OnTheOtherNodesDashboard_CancelsWhatWaits()
    {
        await using Pair pair = await Pair.StartAsync();
        string uri = (await pair.First.Client.SubmitAsync(Inputs.Script, Inputs.Empty, "?delay=PT1H")).Uri;
        (string id, _) = await pair.SecondDashboard.JobAsync(uri, "Scheduled");

        (await pair.SecondDashboard.PressAsync("/jobs/actions/delete/" + id)).ShouldBe(HttpStatusCode.NoContent);

        (await pair.StateAsync(uri)).ShouldBe(OperationState.Canceled);
        await pair.FirstDashboard.JobAsync(uri, "Deleted");
    }

    [Fact]
    public async Task Cancel_OverTheOtherNodesApi_DeletesTheJob()
    {
        await using Pair pair = await Pair.StartAsync();
        string uri = (await pair.First.Client.SubmitAsync(Inputs.Script, Inputs.Empty, "?delay=PT1H")).Uri;
        await pair.FirstDashboard.JobAsync(uri, "Scheduled");

        (await pair.Second.Client.PostAsync("/operations/" + Dashboard.OperationOf(uri) + "/cancel")).ShouldBe(202);

        await pair.FirstDashboard.JobAsync(uri, "Deleted");
    }

    [Fact]
    public async Task Requeue_OnTheOtherNodesDashboard_SubmitsAnew()
    {
        await using Pair pair = await Pair.StartAsync((_, _, _) => throw new OperationFailedException(7, "Out of paper."));
        string uri = (await pair.First.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        (string id, _) = await pair.SecondDashboard.JobAsync(uri, "Failed");

        (await pair.SecondDashboard.PressAsync("/jobs/actions/requeue/" + id)).ShouldBe(HttpStatusCode.NoContent);

        OperationKey successor = (await pair.FindAsync(uri))!.ResubmittedAs!.Value;
        (await pair.FirstDashboard.JobAsync("/operations/" + successor, "Failed")).Id.ShouldNotBe(id);
    }

    [Fact]
    public async Task Node_ThatStopsWhileItRuns_HandsItsJobToTheOther()
    {
        var running = new ConcurrentQueue<string>();
        var began = new Signal();
        await using Pair pair = await Pair.StartAsync(async (node, _, cancellation) =>
        {
            running.Enqueue(node);
            if (running.Count == 1)
            {
                began.Set();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            }
        });
        string uri = (await pair.First.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        await began.ReachedAsync();

        // The store is the first one's, so what stops is the first one's engine alone.
        string node = running.First();
        IExecutionEngine engine = (node == "first" ? pair.First : pair.Second).Services.GetRequiredService<IExecutionEngine>();
        await ((Microsoft.Extensions.Hosting.IHostedService)engine).StopAsync(TestContext.Current.CancellationToken).Limited();

        await pair.EndAsync(uri);
        running.ShouldBe([node, node == "first" ? "second" : "first"]);
        (await pair.FirstDashboard.JobAsync(uri, "Succeeded")).Details.History.Count(entry => entry.StateName == "Processing").ShouldBe(2);
    }

    [Fact]
    public async Task Job_LostFromItsQueue_IsPutThereAgain()
    {
        const int workersOfBoth = 4;
        using var began = new CountdownEvent(workersOfBoth);
        var go = new Signal();
        await using Pair pair = await Pair.StartAsync(async (_, _, _) =>
        {
            if (!began.IsSet)
            {
                began.Signal();
                await go.ReachedAsync();
            }
        });
        for (int i = 0; i < workersOfBoth; i++)
        {
            await pair.First.Client.SubmitAsync(Inputs.Script, Inputs.Empty);
        }

        began.Wait(Limits.Limit, TestContext.Current.CancellationToken).ShouldBeTrue();
        string uri = (await pair.First.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        (string id, _) = await pair.FirstDashboard.JobAsync(uri, "Enqueued");
        using (IStorageConnection connection = pair.Jobs.GetConnection())
        using (IFetchedJob fetched = connection.FetchNextJob([OperationJob.QueueOf(Inputs.Script)], TestContext.Current.CancellationToken))
        {
            fetched.JobId.ShouldBe(id);
            fetched.RemoveFromQueue();
        }

        go.Set();

        await pair.EndAsync(uri);
        (await pair.FirstDashboard.JobAsync(uri, "Succeeded")).Id.ShouldBe(id);
    }

    [Fact]
    public void QueueOf_LongType_FitsAndDiffersFromItsLikes()
    {
        string longest = "a" + new string('b', 62);

        OperationJob.QueueOf("reports.render-all").ShouldBe("reports_render-all");
        OperationJob.QueueOf(longest + "1").Length.ShouldBe(50);
        OperationJob.QueueOf(longest + "1").ShouldNotBe(OperationJob.QueueOf(longest + "2"));
    }

    private sealed class Pair : IAsyncDisposable
    {
        private readonly List<Dashboard> _dashboards = [];

        private Pair(InMemoryStorage jobs, GatewayServer first, GatewayServer second)
        {
            (Jobs, First, Second) = (jobs, first, second);
            _dashboards.AddRange([new Dashboard(first), new Dashboard(second)]);
        }

        public InMemoryStorage Jobs { get; }

        public GatewayServer First { get; }

        public GatewayServer Second { get; }

        public Dashboard FirstDashboard => _dashboards[0];

        public Dashboard SecondDashboard => _dashboards[1];

        public static async Task<Pair> StartAsync(Func<string, OperationContext, CancellationToken, Task>? script = null)
        {
            var jobs = new InMemoryStorage(new InMemoryStorageOptions { IdType = InMemoryStorageIdType.Guid });
            script ??= static (_, _, _) => Task.CompletedTask;
            GatewayServer first = await GatewayServer.StartAsync(Settings, Script("first", script), services: services => services.AddSingleton(new SharedJobs(jobs)));
            GatewayServer second = await GatewayServer.StartAsync(Settings, Script("second", script), services: services => services.AddSingleton(new SharedJobs(jobs)), replacements: services => services
                .AddSingleton(first.Services.GetRequiredService<IOperationStore>())
                .AddSingleton(first.Services.GetRequiredService<IPayloadStore>()));
            return new Pair(jobs, first, second);
        }

        public async Task<Operation?> FindAsync(string uri)
        {
            string operation = Dashboard.OperationOf(uri);
            var key = new OperationKey(Inputs.Script, operation[(operation.IndexOf('/', StringComparison.Ordinal) + 1)..]);
            return await First.Services.GetRequiredService<IOperationStore>().FindAsync(key, TestContext.Current.CancellationToken);
        }

        public async Task<OperationState?> StateAsync(string uri) => (await FindAsync(uri))?.State;

        /// <summary>As the store has it: nothing carries news from one node's feed to the other's here.</summary>
        public async Task EndAsync(string uri)
        {
            long start = TimeProvider.System.GetTimestamp();
            while (await StateAsync(uri) is not { } state || !state.IsFinal())
            {
                TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(Limits.Limit);
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }

        public async ValueTask DisposeAsync()
        {
            _dashboards.ForEach(static dashboard => dashboard.Dispose());
            await Second.DisposeAsync();
            await First.DisposeAsync();
            Jobs.Dispose();
        }

        private static Script Script(string node, Func<string, OperationContext, CancellationToken, Task> script) => async (_, context, cancellation) =>
        {
            await script(node, context, cancellation);
            return OperationResult.None;
        };
    }
}
#endif
