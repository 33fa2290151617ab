using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Operations;

public sealed class OperationStateTests
{
    /// <summary>The whole table, written a second time by hand: a change of it must be meant.</summary>
    private static readonly HashSet<(OperationState From, OperationState To)> Allowed =
    [
        (OperationState.Queued, OperationState.Running),
        (OperationState.Queued, OperationState.Canceled),
        (OperationState.Running, OperationState.Queued),
        (OperationState.Running, OperationState.Retrying),
        (OperationState.Running, OperationState.Canceling),
        (OperationState.Running, OperationState.Succeeded),
        (OperationState.Running, OperationState.Failed),
        (OperationState.Retrying, OperationState.Running),
        (OperationState.Retrying, OperationState.Canceled),
        (OperationState.Canceling, OperationState.Succeeded),
        (OperationState.Canceling, OperationState.Failed),
        (OperationState.Canceling, OperationState.Canceled),
    ];

    public static TheoryData<string, string> Pairs()
    {
        var pairs = new TheoryData<string, string>();
        foreach (OperationState from in Enum.GetValues<OperationState>())
        {
            foreach (OperationState to in Enum.GetValues<OperationState>())
            {
                pairs.Add(from.Name(), to.Name());
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void MayBecome_EveryPair_IsAsTheTableSays(string from, string to) =>
        Parse(from).MayBecome(Parse(to)).ShouldBe(Allowed.Contains((Parse(from), Parse(to))));

    [Theory]
    [InlineData("queued")]
    [InlineData("running")]
    [InlineData("retrying")]
    [InlineData("canceling")]
    [InlineData("succeeded")]
    [InlineData("failed")]
    [InlineData("canceled")]
    public void Transitions_FromEveryState_LeadOnlyWhereTheTableAllows(string name)
    {
        OperationState from = Parse(name);
        Operation operation = An.In(from);
        operation.State.ShouldBe(from);
        DateTimeOffset now = An.Instant;
        Operation?[] results =
        [
            operation.Start(now, An.Lease),
            operation.Record(operation.Attempt, new LiveProgress(5, "x", operation.Version, now), now, An.Lease),
            operation.SaveCheckpoint(operation.Attempt, [1]),
            operation.Succeed(operation.Attempt, "fine", hasResult: true, now),
            operation.Fail(operation.Attempt, OperationErrors.Unhandled, now),
            operation.Retry(operation.Attempt, now, now),
            operation.ConfirmCancel(operation.Attempt, now),
            operation.GiveBack(operation.Attempt, now, now),
            operation.RequestCancel(now),
            operation.RequestDelete(now),
        ];
        foreach (Operation result in results.OfType<Operation>())
        {
            (result.State == from || Allowed.Contains((from, result.State))).ShouldBeTrue($"{from} became {result.State}");
            result.Version.ShouldBeGreaterThanOrEqualTo(operation.Version);
            (result.Progress == 100).ShouldBe(result.State.IsFinal());
        }

        if (from.IsFinal())
        {
            results.ShouldAllBe(result => result == null);
        }
    }

    [Fact]
    public void Name_OfEveryState_ParsesBack()
    {
        foreach (OperationState state in Enum.GetValues<OperationState>())
        {
            Parse(state.Name()).ShouldBe(state);
        }

        OperationStates.TryParse("QUEUED", out _).ShouldBeFalse();
    }

    private static OperationState Parse(string name)
    {
        OperationStates.TryParse(name, out OperationState state).ShouldBeTrue();
        return state;
    }
}
