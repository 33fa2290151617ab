using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.UnitTests.Support;
using RealtimeOps.Watch;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Watch;

public sealed class AdmissionTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.99)]
    public async Task Enter_FarPastTheRate_AsksTheStoreNoMoreThanTwiceTheRate(double memoryUsed)
    {
        const int perSecond = 5;
        IOptions<RealtimeOpsOptions> options = Options.Create(new RealtimeOpsOptions { Limits = { SubmissionsPerSecond = perSecond } });
        var time = new ManualTime();
        var store = new MemoryOperationStore();
        using var memory = new MemoryGuard(options, new Memory(memoryUsed), time, NullLogger<MemoryGuard>.Instance);
        using var rate = new SubmissionRate(options, time);
        var admission = new Admission(memory, rate, new QueuedOperations(limit: 1), store);
        var refusals = new List<string>();
        for (int i = 0; i < 10 * perSecond; i++)
        {
            try
            {
                await admission.EnterAsync(new DefaultHttpContext(), noStream: null, An.Operation().Key);
            }
            catch (ProblemException refused)
            {
                refusals.Add(refused.Problem.Name);
            }
        }

        refusals[^1].ShouldBe("submission-rate");
        store.Reads.ShouldBeInRange(perSecond, 2 * perSecond);
    }

    private sealed record Memory(double UsedShare) : IMemoryReading
    {
        public void Reclaim()
        {
            // There is no garbage here.
        }
    }
}
