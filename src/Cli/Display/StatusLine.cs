using RealtimeOps.Client;

namespace RealtimeOps.Cli.Display;

/// <summary>A Status on one line: for people, and for programs that cut it at its tabs.</summary>
internal static class StatusLine
{
    public static string Of(OperationStatus status) => $"{status.Progress,3} %\t{Name(status.State),-9}\t{status.Uri}\t{Text(status)}".TrimEnd();

    /// <summary>What there is to say: what it does, what came of it, or why nothing did.</summary>
    public static string Text(OperationStatus status)
    {
        string text = status.Message ?? status.Error?.Detail ?? status.Activity ?? "";
        return (status.Status is { } code and not 0 ? $"{code}: {text}" : text).ReplaceLineEndings(" ").Replace('\t', ' ');
    }

    public static string Name(OperationState state) => state.ToString().ToLowerInvariant();
}
