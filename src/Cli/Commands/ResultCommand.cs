using System.CommandLine;
using RealtimeOps.Client;

namespace RealtimeOps.Cli.Commands;

/// <summary><c>rtops result URI</c></summary>
internal static class ResultCommand
{
    public static Command Create()
    {
        var uri = new Argument<string>("URI") { Description = "The operation: its status URI, or TYPE/ID." };
        var output = new Option<string?>("--output", "-o") { Description = "The file to write it to; it appears when all has come. Default: the standard output.", HelpName = "FILE" };
        var command = new Command("result", "Writes what came out of an operation, byte by byte.") { uri, output };
        command.SetAction(Session.Run((session, parsed, cancellationToken) =>
            WriteAsync(session, session.Operation(parsed.GetRequiredValue(uri)), parsed.GetValue(output), cancellationToken)));
        return command;
    }

    private static async Task<int> WriteAsync(Session session, Uri operation, string? path, CancellationToken cancellationToken)
    {
        using OperationContent? content = await session.Client.OpenResultAsync(operation, range: null, cancellationToken);
        if (content is null)
        {
            session.Error.WriteLine("rtops: The operation succeeded and has no result.");
        }
        else if (path is null)
        {
            await using Stream output = Console.OpenStandardOutput();
            await content.Stream.CopyToAsync(output, cancellationToken);
        }
        else
        {
            await SaveAsync(content.Stream, path, cancellationToken);
        }

        return ExitCode.Ok;
    }

    /// <summary>A broken connection leaves no half file.</summary>
    private static async Task SaveAsync(Stream content, string path, CancellationToken cancellationToken)
    {
        string part = path + ".part";
        try
        {
            await using (FileStream file = File.Create(part))
            {
                await content.CopyToAsync(file, cancellationToken);
            }

            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
