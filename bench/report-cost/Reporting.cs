using System.Diagnostics;
using RealtimeOps.Execution;

namespace Bench.ReportCost;

internal sealed record ReportingInput
{
    public required int Count { get; init; }
}

/// <summary>Nanoseconds and bytes of the reporting thread, per report.</summary>
internal sealed record Cost(double NsPerReport, double BytesPerReport);

/// <summary>Reports as often as asked without a pause, each time something new, after as many that are not counted: the JIT needs those.</summary>
internal sealed class Reporting : IOperationHandler<ReportingInput, Cost>
{
    private static readonly string[] Activities = ["Copying.", "Sorting."];

    public Task<Cost?> HandleAsync(ReportingInput input, OperationContext context, CancellationToken cancellationToken) => Task.Run<Cost?>(() =>
    {
        Run(input.Count, context);
        long allocated = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
        Run(input.Count, context);
        return new Cost(Stopwatch.GetElapsedTime(start).TotalNanoseconds / input.Count, (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / input.Count);
    }, cancellationToken);

    private static void Run(int count, OperationContext context)
    {
        for (int i = 0; i < count; i++) context.Report(i, count, Activities[i & 1]);
    }
}
