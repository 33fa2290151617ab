using RealtimeOps.Execution;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;

namespace RealtimeOps.IntegrationTests;

/// <summary>Scripts that many tests use.</summary>
internal static class Scripts
{
    /// <summary>Runs until the test has seen what it wanted to see, however long that takes.</summary>
    public static Script Until(Signal end) => async (_, _, cancellation) =>
    {
        await end.WaitAsync(cancellation);
        return OperationResult.None;
    };

    /// <summary>Its first attempt runs until it is cut off, the next one ends at once.</summary>
    public static readonly Script EndsTheSecondTime = async (_, context, cancellation) =>
    {
        context.Report(5.0, "begun");
        await Task.Delay(context.Attempt == 1 ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, TimeProvider.System, cancellation);
        return OperationResult.None;
    };
}
