using System.CommandLine;
using System.Text.Json.Nodes;
using RealtimeOps.Cli.Display;
using RealtimeOps.Client;

namespace RealtimeOps.Cli.Commands;

/// <summary><c>rtops tail</c></summary>
internal static class TailCommand
{
    public static Command Create()
    {
        var filter = new FilterOptions();
        var position = new Option<string?>("--position") { Description = "Go on from here: a position that an earlier tail has told with --json.", HelpName = "POSITION" };
        var command = new Command("tail", "Follows what happens to all operations, until it is interrupted.") { position };
        filter.AddTo(command);
        command.SetAction(Session.Run(async (session, parsed, cancellationToken) =>
        {
            await foreach (FeedEvent told in session.Client.FollowAsync(filter.Read(parsed), parsed.GetValue(position), session.WatchOptions, cancellationToken))
            {
                if ((session.IsJson ? Json(told) : Line(told)) is { } line)
                {
                    session.Out.WriteLine(line);
                }
            }

            return ExitCode.Ok;
        }));
        return command;
    }

    private static string? Line(FeedEvent told) => told switch
    {
        FeedStatus { Status: var status } => StatusLine.Of(status),
        FeedGone { Uri: var uri } => $"     \tgone     \t{uri}",
        FeedReset => "     \treset    \tThe position is too old: what follows is told anew.",
        _ => null,
    };

    /// <summary>The shapes that the server's hub sends.</summary>
    private static string Json(FeedEvent told)
    {
        string position = told.Position is { } reached ? $"\"position\":{JsonValue.Create(reached).ToJsonString()}," : "";
        return told switch
        {
            FeedStatus { Status: var status } => $"{{{position}\"status\":{status.Json}}}",
            FeedGone { Uri: var uri } => $"{{{position}\"gone\":{JsonValue.Create(uri.ToString()).ToJsonString()}}}",
            FeedReset => """{"reset":true}""",
            _ => $"{{{position}\"ready\":true}}",
        };
    }
}
