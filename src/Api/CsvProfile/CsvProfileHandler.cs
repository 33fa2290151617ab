using RealtimeOps.Execution;

namespace RealtimeOps.Api.CsvProfile;

/// <summary>Profiles the columns of a CSV file of any size, in one pass and bounded memory.</summary>
internal sealed class CsvProfileHandler : IStreamOperationHandler
{
    public const string Type = "csv.profile";

    public const string Description = "Profiles a CSV file: per column its type, counts, extremes, quantiles and most frequent values.";

    public const string MediaType = "text/csv";

    public async Task<OperationResult> HandleAsync(OperationInput input, OperationContext context, CancellationToken cancellationToken)
    {
        context.Report(0, "Reading");
        CsvProfile profile = await CsvProfiler.ProfileAsync(input.Content, read => context.Report(read, input.Length), cancellationToken);
        context.Message = $"{profile.Rows} rows, {profile.Columns.Count} columns.";
        return OperationResult.OfJson(profile);
    }
}
