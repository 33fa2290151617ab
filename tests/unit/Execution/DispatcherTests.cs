using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using RealtimeOps.Execution;
using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Execution;

public sealed class DispatcherTests : IDisposable
{
    private const int Flood = 50_000;
    private const int Trickle = 300;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly System.Threading.Channels.Channel<WaitingOperation> _started = System.Threading.Channels.Channel.CreateUnbounded<WaitingOperation>();
    private readonly MemoryOperationStore _store = new();
    private readonly Dispatcher _dispatcher;

    public DispatcherTests() => _dispatcher = Over(_store);

    [Fact]
    public async Task Enqueue_OfFarMoreThanFits_StartsAllOnceInTheOrderOfEachCallerAndByTurns()
    {
        await AcceptAsync("flood", Flood);
        await AcceptAsync("trickle", Trickle);
        _dispatcher.Begin();

        List<WaitingOperation> started = await DrainAsync(Flood + Trickle);

        started.Select(operation => operation.Key).Distinct().Count().ShouldBe(Flood + Trickle);
        started.GroupBy(operation => operation.Owner).ShouldAllBe(own => own.Zip(own.Skip(1)).All(pair => pair.First.Sequence < pair.Second.Sequence));
        started.FindIndex(operation => operation.Owner == "trickle").ShouldBeLessThanOrEqualTo(1);
        started.Take((2 * DispatchLane.LeastShare) + 1).Count(operation => operation.Owner == "trickle").ShouldBeGreaterThanOrEqualTo(DispatchLane.LeastShare);
    }

    [Fact]
    public async Task Enqueue_WhileAnothersBacklogRuns_StartsNext()
    {
        await AcceptAsync("flood", Flood);
        _dispatcher.Begin();
        await DrainAsync(1000);

        await AcceptAsync("trickle", 1);

        (await DrainAsync(10)).ShouldContain(operation => operation.Owner == "trickle");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Enqueue_WhileTheStoreCannotBeRead_MakesUpForItLater(bool isUnavailable)
    {
        await AcceptAsync("flood", Flood);
        _store.ListFailure = isUnavailable ? new StoreUnavailableException("unreadable") : new InvalidOperationException("unreadable");
        _dispatcher.Begin();
        await DrainAsync(15_000);
        _store.ListFailure = null;
        // The last try may just have failed; the next one comes with the next operation, or by the sweeper, who is not here.
        await AcceptAsync("late", 1);

        (await DrainAsync(Flood - 15_000 + 1)).Select(operation => operation.Key).Distinct().Count().ShouldBe(Flood - 15_000 + 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Enqueue_OfATypeNotKnownHere_StartsItOnlyWhereNoOtherNodeMayKnowIt(bool isShared)
    {
        var store = new MemoryOperationStore { IsShared = isShared };
        using Dispatcher dispatcher = Over(store);
        dispatcher.Begin();

        dispatcher.Enqueue(WaitingOperation.Of((await store.AcceptAsync(An.Operation(), An.Input)).Operation)).ShouldBeTrue();

        _started.Reader.TryRead(out _).ShouldBe(!isShared);
    }

    public void Dispose() => _dispatcher.Dispose();

    private Dispatcher Over(IOperationStore store) => new(
        operation => _started.Writer.TryWrite(operation), workers: 4, mostOfType: null, new OperationTypes([]), store, TimeSpan.FromSeconds(5), new ManualTime(), NullLogger.Instance);

    private async Task AcceptAsync(string owner, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Operation operation = An.Operation(owner + i.ToString(CultureInfo.InvariantCulture)) with { Owner = owner };
            _dispatcher.Enqueue(WaitingOperation.Of((await _store.AcceptAsync(operation, An.Input)).Operation));
        }
    }

    /// <summary>Runs so many to their end.</summary>
    private async Task<List<WaitingOperation>> DrainAsync(int count)
    {
        var started = new List<WaitingOperation>();
        while (started.Count < count)
        {
            WaitingOperation operation = await _started.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);
            started.Add(operation);
            Operation ended = _store[operation.Key].RequestCancel(An.Instant)!;
            (await _store.UpdateAsync(ended, [])).ShouldBeTrue();
            _dispatcher.Release(operation.Key);
        }

        return started;
    }
}
