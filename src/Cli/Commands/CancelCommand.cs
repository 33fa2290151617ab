using System.CommandLine;
using RealtimeOps.Cli.Display;

namespace RealtimeOps.Cli.Commands;

/// <summary><c>rtops cancel URI</c></summary>
internal static class CancelCommand
{
    public static Command Create()
    {
        var uri = new Argument<string>("URI") { Description = "The operation: its status URI, or TYPE/ID." };
        var command = new Command("cancel", "Asks an operation to stop.") { uri };
        command.SetAction(Session.Run(async (session, parsed, cancellationToken) =>
        {
            StatusDisplay.Write(session, await session.Client.CancelAsync(session.Operation(parsed.GetRequiredValue(uri)), cancellationToken));
            return ExitCode.Ok;
        }));
        return command;
    }
}
