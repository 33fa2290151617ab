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
        using StalledOperationSweeper sweeper = Sweeper(store, engine, time);
        await sweeper.StartAsync(TestContext.Current.CancellationToken);
        await engine.Reached.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await sweeper.StopAsync(TestContext.Current.CancellationToken);
        engine.Taken.Distinct().Count().ShouldBe(expected);
        engine.Taken.Count.ShouldBe(expected);
    }

    [Fact]
    public async Task Sweep_OfASharedStore_LeavesTypesNotKnownHereToTheirNodes()
    {
        var store = new MemoryOperationStore { IsShared = true };
        await store.AcceptAsync(An.Operation(), An.Input);
        Operation known = An.Operation() with { Key = new OperationKey("known", "a") };
        await store.AcceptAsync(known, An.Input);
        var engine = new Engine(room: 2, target: 1);
        var time = new ManualTime();
        using StalledOperationSweeper sweeper = Sweeper(store, engine, time);
        await sweeper.StartAsync(TestContext.Current.CancellationToken);
        await engine.Reached.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await sweeper.StopAsync(TestContext.Current.CancellationToken);
        engine.Taken.ShouldBe([known.Key]);
    }

    /// <summary>When the store comes back all leases have lapsed, whether their holders live or not.</summary>
    [Fact]
    public async Task Sweep_AfterAnOutage_LeavesTheHoldersTimeToRenewTheirLeases()
    {
        var store = new MemoryOperationStore { IsShared = true };
        var time = new ManualTime();
        TimeSpan lease = new ExecutionOptions().Lease;
        Operation held = (await store.AcceptAsync(An.Operation(), An.Input)).Operation.Start(time.GetUtcNow(), lease)!;
        await store.UpdateAsync(held, []);
        using StalledOperationSweeper sweeper = Sweeper(store, new Engine(room: 1, target: 1), time);
        await sweeper.SweepAsync(TestContext.Current.CancellationToken);
        time.Advance(lease * 2);
        store.IsUnreadable = true;
        await sweeper.SweepAsync(TestContext.Current.CancellationToken);
        store.IsUnreadable = false;

        await sweeper.SweepAsync(TestContext.Current.CancellationToken);
        time.Advance(lease / 4);
        await sweeper.SweepAsync(TestContext.Current.CancellationToken);
        store[held.Key].State.ShouldBe(OperationState.Running);

        time.Advance(lease / 4);
        await sweeper.SweepAsync(TestContext.Current.CancellationToken);
        store[held.Key].State.ShouldBe(OperationState.Queued);
    }

    private static StalledOperationSweeper Sweeper(MemoryOperationStore store, Engine engine, ManualTime time) => new(
        store, new OperationFeed(store, new ChangeLog(), new FeedLink(isShared: false), An.Journal(), new QueuedOperations(0), time), engine, new RunningAttempts(), new OperationTypes([new OperationType { Name = "known", Description = "", MediaTypes = [], Retries = 0, RetryDelays = [], Queue = "default", MaxInputLength = 1 }]), Options.Create(new ExecutionOptions()), time, NullLogger<StalledOperationSweeper>.Instance);

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
