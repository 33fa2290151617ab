using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using RealtimeOps.Webhooks;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Webhooks;

public sealed class SubscriptionTests
{
    private static readonly TimeSpan FiveDays = TimeSpan.FromDays(5);

    private static readonly Subscription Plain = new() { Id = "s", Owner = "anonymous", Webhook = "https://hooks.example/", CreatedAt = An.Instant };

    [Fact]
    public void Matches_EveryFilterCounts()
    {
        Operation ended = An.In(OperationState.Failed) with { Tags = new Dictionary<string, string> { ["team"] = "maps", ["x"] = "1" } };

        Plain.Matches(ended).ShouldBeTrue();
        (Plain with { Owner = "other" }).Matches(ended).ShouldBeFalse();
        (Plain with { Types = ["other"] }).Matches(ended).ShouldBeFalse();
        (Plain with { Types = ["other", "demo.steps"] }).Matches(ended).ShouldBeTrue();
        (Plain with { States = [OperationState.Succeeded] }).Matches(ended).ShouldBeFalse();
        (Plain with { States = [OperationState.Succeeded, OperationState.Failed] }).Matches(ended).ShouldBeTrue();
        (Plain with { Tags = new Dictionary<string, string> { ["team"] = "maps" } }).Matches(ended).ShouldBeTrue();
        (Plain with { Tags = new Dictionary<string, string> { ["team"] = "maps", ["y"] = "1" } }).Matches(ended).ShouldBeFalse();
    }

    [Fact]
    public void After_FiveDaysOfFailures_IsDisabledAndSaysWhy()
    {
        Subscription failing = Plain.After(Try("timedOut", TimeSpan.Zero), FiveDays);
        Subscription still = failing.After(Try("timedOut", FiveDays - TimeSpan.FromSeconds(1)), FiveDays);
        Subscription disabled = still.After(Try("status", FiveDays), FiveDays);

        failing.FailingSince.ShouldBe(An.Instant);
        still.State.ShouldBe(SubscriptionState.Active);
        disabled.State.ShouldBe(SubscriptionState.Disabled);
        disabled.DisabledReason.ShouldNotBeNull().ShouldContain("status");
    }

    [Fact]
    public void After_OneSuccess_ForgivesAllFailures() =>
        Plain.After(Try("status", TimeSpan.Zero), FiveDays).After(Try(null, TimeSpan.FromDays(4)), FiveDays).After(Try("status", TimeSpan.FromDays(6)), FiveDays)
            .State.ShouldBe(SubscriptionState.Active);

    [Fact]
    public void After_Gone_IsDisabledAtOnce() =>
        Plain.After(Try(DeliveryErrors.Gone, TimeSpan.Zero), FiveDays).State.ShouldBe(SubscriptionState.Disabled);

    [Fact]
    public void Resume_Disabled_BeginsAnew()
    {
        Subscription resumed = Plain.After(Try(DeliveryErrors.Gone, TimeSpan.Zero), FiveDays).Resume();

        resumed.ShouldSatisfyAllConditions(one => one.State.ShouldBe(SubscriptionState.Active), one => one.DisabledReason.ShouldBeNull(), one => one.FailingSince.ShouldBeNull());
    }

    [Fact]
    public void Rotate_OldSecretsSignAlongForADay()
    {
        Subscription rotated = (Plain with { Secret = "first" }).Rotate("second", An.Instant)!.Rotate("third", An.Instant.AddHours(23))!;

        rotated.SecretsAt(An.Instant.AddHours(23)).ShouldBe(["third", "second", "first"]);
        rotated.SecretsAt(An.Instant.AddHours(24)).ShouldBe(["third", "second"]);
        rotated.SecretsAt(An.Instant.AddHours(47)).ShouldBe(["third"]);
    }

    [Fact]
    public void Rotate_GatewaysOwnSecret_SignsAlongToo() => Plain.Rotate("own", An.Instant)!.SecretsAt(An.Instant).ShouldBe(["own", null]);

    [Fact]
    public void Rotate_TooOften_IsRefusedUntilOldOnesAreOver()
    {
        Subscription? rotated = Plain;
        for (int i = 1; i < Subscription.MostSecrets; i++)
        {
            rotated = rotated.Rotate("s" + i, An.Instant).ShouldNotBeNull();
        }

        rotated.Rotate("more", An.Instant).ShouldBeNull();
        rotated.Rotate("more", An.Instant.AddHours(24)).ShouldNotBeNull();
    }

    private static DeliveryAttempt Try(string? error, TimeSpan after) => new(An.Instant + after, null, TimeSpan.Zero, error, null);
}
