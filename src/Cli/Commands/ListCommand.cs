using System.CommandLine;
using RealtimeOps.Cli.Display;
using RealtimeOps.Client;

namespace RealtimeOps.Cli.Commands;

/// <summary><c>rtops list</c></summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var filter = new FilterOptions();
        var limit = new Option<int>("--limit") { Description = "How many at most.", HelpName = "N", DefaultValueFactory = _ => 50 };
        limit.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && (!int.TryParse(text, out int count) || count < 1))
            {
                result.AddError($"'{text}' is not a number from 1 up.");
            }
        });
        var command = new Command("list", "Lists operations, the newest first.") { limit };
        filter.AddTo(command);
        command.SetAction(Session.Run(async (session, parsed, cancellationToken) =>
        {
            int left = parsed.GetValue(limit);
            await foreach (OperationStatus status in session.Client.ListAsync(filter.Read(parsed), Math.Min(left, 200), cancellationToken))
            {
                StatusDisplay.Write(session, status);
                if (--left == 0)
                {
                    break;
                }
            }

            return ExitCode.Ok;
        }));
        return command;
    }
}
