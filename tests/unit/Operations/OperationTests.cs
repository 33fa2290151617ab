using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Operations;

public sealed class OperationTests
{
    private static readonly DateTimeOffset Now = An.Instant;

    [Fact]
    public void Start_BeforeItsTime_IsRefused()
    {
        Operation operation = An.Operation() with { DueAt = Now.AddMilliseconds(1) };
        operation.Start(Now, An.Lease).ShouldBeNull();
        operation.Start(Now.AddMilliseconds(1), An.Lease).ShouldNotBeNull();
    }

    [Fact]
    public void AnyWrite_OfAnOlderAttempt_IsRefused()
    {
        Operation second = An.Running().GiveBack(1, Now, Now)!.Start(Now, An.Lease)!;
        second.Attempt.ShouldBe(2);
        second.Succeed(1, null, hasResult: false, Now).ShouldBeNull();
        second.Fail(1, OperationErrors.Unhandled, Now).ShouldBeNull();
        second.Retry(1, Now, Now).ShouldBeNull();
        second.GiveBack(1, Now, Now).ShouldBeNull();
        second.Record(1, default, Now, An.Lease).ShouldBeNull();
        second.SaveCheckpoint(1, [1]).ShouldBeNull();
        second.Succeed(2, null, hasResult: false, Now).ShouldNotBeNull();
    }

    [Fact]
    public void Cancel_OfARunningOne_WaitsForTheHandler()
    {
        Operation canceling = An.Running().RequestCancel(Now)!;
        canceling.State.ShouldBe(OperationState.Canceling);
        canceling.Progress.ShouldBeLessThan(100);
        Operation canceled = canceling.ConfirmCancel(1, Now)!;
        canceled.State.ShouldBe(OperationState.Canceled);
        canceled.Status.ShouldBe(499);
    }

    [Fact]
    public void Cancel_ThatCameTooLate_DoesNotHideSuccess() =>
        An.Running().RequestCancel(Now)!.Succeed(1, null, hasResult: false, Now)!.State.ShouldBe(OperationState.Succeeded);

    [Fact]
    public void Retry_WhileCanceling_IsTheEnd() => An.In(OperationState.Canceling).Retry(1, Now, Now)!.State.ShouldBe(OperationState.Canceled);

    [Fact]
    public void GiveBack_TooOften_FailsInsteadOfKillingTheServerForEver()
    {
        Operation operation = An.Operation();
        while (operation.State is OperationState.Queued)
        {
            Operation started = operation.Start(Now, An.Lease)!;
            operation = started.GiveBack(started.Attempt, Now, Now)!;
        }

        operation.State.ShouldBe(OperationState.Failed);
        operation.Attempt.ShouldBe(Operation.MaxLosses);
    }

    [Fact]
    public void GiveBack_AtAShutDown_CountsNeitherAsFailureNorAsLoss()
    {
        Operation operation = An.Running().GiveBack(1, Now, Now, lost: false)!;
        operation.Failures.ShouldBe(0);
        operation.Losses.ShouldBe(0);
    }

    [Fact]
    public void End_KeepsAnExpiryThatWasAskedFor_UnlessItIsOver()
    {
        DateTimeOffset asked = Now.AddHours(3);
        An.Running().MoveExpiry(asked, Now).Succeed(1, null, hasResult: false, Now)!.ExpiresAt.ShouldBe(asked);
        An.Running().MoveExpiry(asked, Now).Succeed(1, null, hasResult: false, asked)!.ExpiresAt.ShouldBe(asked.AddDays(1));
    }

    [Fact]
    public void Delete_OfARunningOne_ExpiresAtItsEnd()
    {
        Operation ended = An.Running().RequestDelete(Now)!.ConfirmCancel(1, Now.AddSeconds(1))!;
        ended.IsExpired(Now.AddSeconds(1)).ShouldBeTrue();
    }

    [Fact]
    public void EndedOperation_ChangesOnlyItsExpiryAndItsLink()
    {
        Operation ended = An.In(OperationState.Succeeded);
        Operation moved = ended.MoveExpiry(Now.AddDays(9), Now).LinkResubmission(new OperationKey("demo.steps", "b"), Now);
        moved.Version.ShouldBeGreaterThan(ended.Version);
        (moved with { ExpiresAt = ended.ExpiresAt, ResubmittedAs = null, Version = ended.Version, VersionCeiling = ended.VersionCeiling, Revision = ended.Revision, UpdatedAt = ended.UpdatedAt })
            .ShouldBe(ended);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("csv.profile", true)]
    [InlineData("A", false)]
    [InlineData("1a", false)]
    [InlineData("", false)]
    [InlineData("a/b", false)]
    [InlineData("a\n", false)]
    public void IsType_Text_IsJudgedByTheContract(string text, bool expected) => OperationKey.IsType(text).ShouldBe(expected);

    [Theory]
    [InlineData("A-1_x.~", true)]
    [InlineData(".a", false)]
    [InlineData("~a", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    [InlineData("", false)]
    public void IsId_Text_IsJudgedByTheContract(string text, bool expected) => OperationKey.IsId(text).ShouldBe(expected);

    [Fact]
    public void IsId_Length_Is128AtMost()
    {
        OperationKey.IsId(new string('a', 128)).ShouldBeTrue();
        OperationKey.IsId(new string('a', 129)).ShouldBeFalse();
    }

    [Fact]
    public void NewId_InLaterMilliseconds_SortsBehindAndIsValid()
    {
        string[] ids = Enumerable.Range(0, 1000).Select(i => OperationId.New(Now.AddMilliseconds(i))).ToArray();
        ids.ShouldBe(ids.Order(StringComparer.Ordinal).ToArray());
        ids.ShouldAllBe(id => OperationKey.IsId(id));
        Enumerable.Range(0, 1000).Select(_ => OperationId.New(Now)).Distinct().Count().ShouldBe(1000);
    }
}
