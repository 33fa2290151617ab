using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RealtimeOps.Execution;
using RealtimeOps.Feed;
using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Execution;

public sealed class StalledOperationSweeperTests
{
    private const int Waiting = 25_000;

    [Theory]
    [InlineData(int.MaxValue, Waiting)]
    [InlineData(12_345, 12_345)]
    public async Task Sweep_OfMoreThanAPage_OffersAllUntilTheEngineIsFull(int room, int expected)
    {
        var store = new MemoryOperationStore();
        for (int i = 0; i < Waiting; i++)
        {
            await store.AcceptAsync(An.Operation("n" + i.ToString(CultureInfo.InvariantCulture)), An.Input);
        }

        var engine = new Engine(room, Math.Min(room, Waiting));
        var time = new ManualTime();
        using var sweeper = new StalledOperationSweeper(
            store, new OperationFeed(store, new ChangeLog(), new FeedLink(isShared: false), An.Journal(), new QueuedOperations(0), time), engine, new RunningAttempts(), Options.Create(new ExecutionOptions()), time, NullLogger<StalledOperationSweeper>.Instance);
        await sweeper.StartAsync(TestContext.Current.CancellationToken);
        await engine.Reached.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await sweeper.StopAsync(TestContext.Current.CancellationToken);
        engine.Taken.Distinct().Count().ShouldBe(expected);
        engine.Taken.Count.ShouldBe(expected);
    }

    private sealed class Engine(int room, int target) : IExecutionEngine
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<OperationKey> Taken { get; } = [];

        public Task Reached => _reached.Task;

        public bool Enqueue(WaitingOperation operation)
        {
            if (Taken.Count == room)
            {
                return false;
            }

            Taken.Add(operation.Key);
            if (Taken.Count == target)
            {
                _reached.SetResult();
            }

            return true;
        }

        public void Cancel(OperationKey key) => throw new NotSupportedException();

        public int? QueuePosition(OperationKey key) => null;
    }
}
