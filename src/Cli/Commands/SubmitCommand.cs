using System.CommandLine;
using System.Text;
using RealtimeOps.Cli.Display;
using RealtimeOps.Client;

namespace RealtimeOps.Cli.Commands;

/// <summary><c>rtops submit TYPE</c></summary>
internal static class SubmitCommand
{
    private static readonly Argument<string> Type = new("TYPE") { Description = "The operation's type, such as demo.steps." };
    private static readonly Option<string?> Input = new("--input") { Description = "The input, as JSON. Default: {}.", HelpName = "JSON" };
    private static readonly Option<string?> File = new("--file") { Description = "The file that holds the input; - for the standard input.", HelpName = "PATH" };
    private static readonly Option<string?> MediaType = new("--media-type") { Description = "What the input is. Default: application/json, or what the file's name tells.", HelpName = "TYPE" };
    private static readonly Option<string?> Id = new("--id") { Description = "The operation's id. Submitting again under the same id starts nothing new.", HelpName = "ID" };
    private static readonly Option<string?> Webhook = new("--webhook") { Description = "Where the final Status is sent.", HelpName = "URI" };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Wait for the end, and write the final Status." };
    private static readonly Option<bool> Watch = new("--watch") { Description = "Watch it to its end." };

    private static readonly Option<Dictionary<string, string>> Tags = new("--tag")
    {
        Description = "A tag to find it by. Repeat it for several.",
        HelpName = "NAME=VALUE",
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = Parsing.Tags,
    };

    private static readonly Option<TimeSpan?> Delay = new("--delay")
    {
        Description = "How long it waits before it starts, e.g. 90s, 15m, 2h or 1d.",
        HelpName = "TIME",
        CustomParser = result => Parsing.One(result, Parsing.Time, "a time such as 90s or 15m"),
    };

    public static Command Create()
    {
        var command = new Command("submit", "Submits an operation, and writes its status URI.") { Type, Input, File, MediaType, Id, Tags, Webhook, Delay, Wait, Watch };
        command.SetAction(Session.Run(RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(Session session, ParseResult parsed, CancellationToken cancellationToken)
    {
        OperationHandle operation = await SubmitAsync(session, parsed, cancellationToken);
        if (parsed.GetValue(Watch))
        {
            return await WatchCommand.WatchAsync(session, [operation.Uri], cancellationToken);
        }

        if (!parsed.GetValue(Wait))
        {
            session.Out.WriteLine(session.IsJson ? operation.Initial!.Json : operation.Uri.ToString());
            return ExitCode.Ok;
        }

        OperationStatus final = await operation.WaitForCompletionAsync(session.WatchOptions, cancellationToken);
        StatusDisplay.Write(session, final);
        return final.Succeeded ? ExitCode.Ok : ExitCode.OperationFailed;
    }

    private static async Task<OperationHandle> SubmitAsync(Session session, ParseResult parsed, CancellationToken cancellationToken)
    {
        await using Stream input = Open(parsed.GetValue(Input), parsed.GetValue(File));
        var options = new SubmitOptions
        {
            Id = parsed.GetValue(Id),
            Tags = parsed.GetValue(Tags) ?? [],
            Delay = parsed.GetValue(Delay),
            Webhook = parsed.GetValue(Webhook),
            Patience = session.SubmitPatience,
        };
        return await session.Client.SubmitAsync(
            parsed.GetRequiredValue(Type), input, parsed.GetValue(MediaType) ?? MediaTypeOf(parsed.GetValue(File)), options, cancellationToken);
    }

    private static Stream Open(string? json, string? path)
    {
        try
        {
            return (json, path) switch
            {
                (not null, not null) => throw new UsageException("Give either --input or --file, not both."),
                (_, null) => new MemoryStream(Encoding.UTF8.GetBytes(json ?? "{}")),
                (_, "-") => Console.OpenStandardInput(),
                _ => System.IO.File.OpenRead(path),
            };
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(unreadable.Message);
        }
    }

    private static string MediaTypeOf(string? path) => Path.GetExtension(path)?.ToLowerInvariant() switch
    {
        null or "" when path is null or "-" => "application/json",
        ".json" => "application/json",
        ".csv" => "text/csv",
        ".txt" => "text/plain",
        _ => "application/octet-stream",
    };
}
