using System.Diagnostics;
using RealtimeOps.Execution;
using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Execution;

public sealed class AttemptTraceTests
{
    [Fact]
    public async Task Links_StoreThatCannotBeRead_AreNone()
    {
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == "RealtimeOps" };
        ActivitySource.AddActivityListener(listener);
        Operation resubmitted = An.Running() with { ResubmissionOf = new OperationKey("demo.steps", "original") };

        (await AttemptTrace.LinksAsync(resubmitted, new MemoryOperationStore { IsUnreadable = true })).ShouldBeEmpty();
    }
}
