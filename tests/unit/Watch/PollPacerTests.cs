using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using RealtimeOps.Watch;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Watch;

public sealed class PollPacerTests
{
    private static readonly object Somebody = IPAddress.Loopback;
    private static readonly OperationStatus Running = new(An.Running());
    private static readonly OperationStatus Ended = new(An.In(OperationState.Succeeded));

    private readonly ManualTime _time = new();

    [Fact]
    public void Admit_WithinTheAllowance_LetsAllPass()
    {
        using PollPacer pacer = Pacer(PollingMode.Allowance, allowance: 5);
        Polls(pacer, 5).ShouldAllBe(refusal => refusal == null);
        Problem refusal = Poll(pacer)!;
        refusal.Status.ShouldBe(429);
        refusal.RetryAfter.ShouldBe(30);
    }

    [Theory]
    [InlineData("Allowance")]
    [InlineData("Strict")]
    public void Admit_HoweverOftenAsked_NeverRefusesThreeTimesInARow(string mode)
    {
        using PollPacer pacer = Pacer(Enum.Parse<PollingMode>(mode), allowance: 2);
        int inARow = 0;
        foreach (Problem? refusal in Polls(pacer, 200))
        {
            inARow = refusal is null ? 0 : inARow + 1;
            inARow.ShouldBeLessThanOrEqualTo(2);
        }
    }

    [Fact]
    public void Admit_FirstGetAfterTheEnd_PassesWhateverCameBefore()
    {
        using PollPacer pacer = Pacer(PollingMode.Allowance, allowance: 1);
        Polls(pacer, 2)[1].ShouldNotBeNull();
        Poll(pacer, Ended).ShouldBeNull();
        Poll(pacer, Ended).ShouldNotBeNull();
    }

    [Fact]
    public void Admit_InANewWindow_CountsAnew()
    {
        using PollPacer pacer = Pacer(PollingMode.Allowance, allowance: 1);
        Polls(pacer, 2)[1].ShouldNotBeNull();
        _time.Advance(TimeSpan.FromSeconds(30));
        Poll(pacer).ShouldBeNull();
    }

    [Fact]
    public void Admit_OtherCallersAndOtherOperations_AreCountedApart()
    {
        using PollPacer pacer = Pacer(PollingMode.Allowance, allowance: 1);
        Poll(pacer).ShouldBeNull();
        pacer.Admit(Response(), IPAddress.Parse("127.0.0.9"), Running, 1).ShouldBeNull();
        pacer.Admit(Response(), Somebody, new OperationStatus(An.Operation("b")), 1).ShouldBeNull();
    }

    [Fact]
    public void Admit_Strict_RefusesUntilTheSuggestedTime()
    {
        using PollPacer pacer = Pacer(PollingMode.Strict);
        pacer.Suggest(Somebody, Running.Key, 2);
        Poll(pacer)!.RetryAfter.ShouldBe(2);
        _time.Advance(TimeSpan.FromMilliseconds(1901));
        Poll(pacer).ShouldBeNull();
    }

    [Fact]
    public void Admit_Allowance_TellsWhatIsLeft()
    {
        using PollPacer pacer = Pacer(PollingMode.Allowance, allowance: 3);
        Poll(pacer);
        _time.Advance(TimeSpan.FromSeconds(10));
        HttpResponse response = Response();
        pacer.Admit(response, Somebody, Running, 1);
        response.Headers["RateLimit"].ToString().ShouldBe("\"poll\";r=1;t=20");
        response.Headers["RateLimit-Policy"].ToString().ShouldBe("\"poll\";q=3;w=30");
    }

    private static HttpResponse Response() => new DefaultHttpContext().Response;

    private static Problem?[] Polls(PollPacer pacer, int count) => Enumerable.Range(0, count).Select(_ => Poll(pacer)).ToArray();

    private static Problem? Poll(PollPacer pacer, OperationStatus? status = null) => pacer.Admit(Response(), Somebody, status ?? Running, 1);

    private PollPacer Pacer(PollingMode mode, int allowance = 30)
    {
        var options = new RealtimeOpsOptions();
        options.Polling.Mode = mode;
        options.Polling.Allowance = allowance;
        return new PollPacer(Options.Create(options), _time);
    }
}
