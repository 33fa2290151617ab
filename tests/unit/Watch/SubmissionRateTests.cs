using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;
using RealtimeOps.UnitTests.Support;
using RealtimeOps.Watch;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Watch;

public sealed class SubmissionRateTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Admit_InAnyTime_IsTheRateAndOneSecondsWorthAtMost() =>
        Prop.ForAll(Gen.Choose(1, 50).ToArbitrary(), Gen.Choose(0, 300).ListOf(200).ToArbitrary(), (perSecond, pauses) =>
        {
            using SubmissionRate rate = Rate(perSecond);
            DateTimeOffset start = _time.GetUtcNow();
            int admitted = 0;
            foreach (int pause in pauses)
            {
                _time.Advance(TimeSpan.FromMilliseconds(pause));
                admitted += Admit(rate) is null ? 1 : 0;
            }

            double seconds = (_time.GetUtcNow() - start).TotalSeconds;
            admitted.ShouldBeLessThanOrEqualTo((int)Math.Ceiling(perSecond * (seconds + 1)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Admit_PastTheRate_ComesBackWhenRetryAfterSays()
    {
        using SubmissionRate rate = Rate(3);
        Enumerable.Range(0, 3).Select(_ => Admit(rate)).ShouldAllBe(refusal => refusal == null);
        var response = new DefaultHttpContext().Response;
        Problem refusal = rate.Admit(response, IPAddress.Loopback)!;
        refusal.Status.ShouldBe(429);
        response.Headers["RateLimit"].ToString().ShouldBe("\"submit\";r=0;t=1");
        Admit(rate, IPAddress.IPv6Loopback).ShouldBeNull("that is somebody else");
        _time.Advance(TimeSpan.FromSeconds(refusal.RetryAfter!.Value));
        Enumerable.Range(0, 3).Select(_ => Admit(rate)).ShouldAllBe(again => again == null);
    }

    [Fact]
    public void Admit_WithoutALimit_SaysNothing()
    {
        using SubmissionRate rate = Rate(0);
        var response = new DefaultHttpContext().Response;
        Enumerable.Range(0, 1000).Select(_ => rate.Admit(response, IPAddress.Loopback)).ShouldAllBe(refusal => refusal == null);
        response.Headers.ShouldBeEmpty();
    }

    [Fact]
    public void AdmitRepetition_PastTheRate_HasTheSameRateOnceMore()
    {
        using SubmissionRate rate = Rate(3);
        Enumerable.Range(0, 4).Count(_ => Admit(rate) is null).ShouldBe(3);
        Enumerable.Range(0, 9).Count(_ => rate.AdmitRepetition(IPAddress.Loopback)).ShouldBe(3);
        _time.Advance(TimeSpan.FromSeconds(1));
        rate.AdmitRepetition(IPAddress.Loopback).ShouldBeTrue();
    }

    private static Problem? Admit(SubmissionRate rate, IPAddress? caller = null) => rate.Admit(new DefaultHttpContext().Response, caller ?? IPAddress.Loopback);

    private SubmissionRate Rate(int perSecond) => new(Options.Create(new RealtimeOpsOptions { Limits = { SubmissionsPerSecond = perSecond } }), _time);
}
