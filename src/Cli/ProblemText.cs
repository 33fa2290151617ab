using RealtimeOps.Client;

namespace RealtimeOps.Cli;

/// <summary>A problem in plain words, each fault on a line.</summary>
internal static class ProblemText
{
    /// <summary>The operation did not end well, as opposed to: the request was refused.</summary>
    public static bool IsOutcome(Problem problem) => problem.Type is "urn:realtimeops:operation-failed" or "urn:realtimeops:canceled";

    public static void Write(TextWriter writer, Problem problem)
    {
        writer.WriteLine($"rtops: {problem.Detail ?? problem.Title ?? "The server gave no reason."} ({problem.Status})");
        foreach (InputFault fault in problem.Errors)
        {
            writer.WriteLine($"  {(fault.Pointer.Length > 0 ? fault.Pointer : "the input")} {fault.Detail}");
        }

        foreach (string pointer in problem.Differences)
        {
            writer.WriteLine($"  {(pointer.Length > 0 ? pointer : "the input")} differs");
        }

        if (problem.Status >= 500 && problem.TraceId is { } trace)
        {
            writer.WriteLine($"  The server's log has more under {trace}.");
        }
    }
}
