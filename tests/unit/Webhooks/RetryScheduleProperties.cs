using FsCheck;
using FsCheck.Fluent;
using RealtimeOps.Webhooks;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Webhooks;

public sealed class RetryScheduleProperties
{
    private static readonly RetrySchedule Schedule = new(RetrySchedule.Default);

    private static readonly Gen<(int Failures, double Chance)> Cases =
        from failures in Gen.Choose(1, RetrySchedule.Default.Count)
        from chance in Gen.Choose(0, 1000)
        select (failures, chance / 1000.0);

    [Fact]
    public void Next_WithoutRetryAfter_IsWithinATenthOfTheStep() =>
        Prop.ForAll(Cases.ToArbitrary(), one =>
        {
            double part = Schedule.Next(one.Failures, null, one.Chance)! / RetrySchedule.Default[one.Failures - 1] ?? 0;
            return part is >= 0.9 - 1e-9 and <= 1.1 + 1e-9;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Next_WithRetryAfter_IsBetweenOneAndTwoStepsAndNeverEarlierThanGrantable() =>
        Prop.ForAll(Cases.ToArbitrary(), Gen.Choose(-100, 1_000_000).ToArbitrary(), (one, seconds) =>
        {
            TimeSpan step = RetrySchedule.Default[one.Failures - 1];
            TimeSpan wanted = TimeSpan.FromSeconds(seconds);
            TimeSpan next = Schedule.Next(one.Failures, wanted, one.Chance)!.Value;
            return next >= step && next <= step * 2 && (next >= wanted || next == step * 2);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Next_AfterTheLastStep_IsNone()
    {
        Schedule.Next(RetrySchedule.Default.Count, null, 0.5).ShouldNotBeNull();
        Schedule.Next(RetrySchedule.Default.Count + 1, TimeSpan.FromSeconds(1), 0.5).ShouldBeNull();
    }

    [Fact]
    public void Next_JitterSpreads() =>
        Schedule.Next(1, null, 0).ShouldNotBe(Schedule.Next(1, null, 1));
}
