using System.ComponentModel.DataAnnotations;
using RealtimeOps.Execution;

namespace RealtimeOps.Samples.RenderReports;

/// <summary>What to render. The annotations become the JSON Schema that submissions are checked against.</summary>
internal sealed record ReportRequest([property: Range(2000, 2100)] int Year);

/// <summary>What was rendered.</summary>
internal sealed record Report(int Year, IReadOnlyList<string> Months);

/// <summary>An operation of one's own: typed input, typed result, progress, and a checkpoint that a later attempt goes on from.</summary>
internal sealed class RenderReport(TimeProvider time) : IOperationHandler<ReportRequest, Report>
{
    public async Task<Report> HandleAsync(ReportRequest request, OperationContext context, CancellationToken cancellationToken)
    {
        List<string> months = context.ReadCheckpoint<List<string>>() ?? [];
        for (int month = months.Count + 1; month <= 12; month++)
        {
            context.Report(month - 1, 12, $"Rendering month {month}");
            await Task.Delay(TimeSpan.FromMilliseconds(250), time, cancellationToken); // the slow part
            months.Add($"{request.Year}-{month:00}");
            await context.SaveCheckpointAsync(months);
        }

        context.Message = $"The report of {request.Year} is ready.";
        return new Report(request.Year, months);
    }
}
