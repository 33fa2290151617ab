using System.CommandLine;
using RealtimeOps.Cli.Display;
using RealtimeOps.Client;

namespace RealtimeOps.Cli.Commands;

/// <summary><c>rtops watch URI…</c></summary>
internal static class WatchCommand
{
    public static Command Create()
    {
        var uris = new Argument<string[]>("URI") { Description = "The operations: status URIs, or TYPE/ID.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("watch", "Watches operations to their end, with live progress; a line for each change when the output is redirected.") { uris };
        command.SetAction(Session.Run((session, parsed, cancellationToken) =>
            WatchAsync(session, [.. parsed.GetRequiredValue(uris).Select(session.Operation)], cancellationToken)));
        return command;
    }

    /// <summary>Watches all of them to their end. An interruption leaves them running, and says so.</summary>
    public static async Task<int> WatchAsync(Session session, IReadOnlyList<Uri> operations, CancellationToken cancellationToken)
    {
        try
        {
            OperationStatus[] finals = await StatusDisplay.RunAsync(session, show => Task.WhenAll(operations.Select(uri => WatchOneAsync(session, uri, show, cancellationToken))));
            return finals.All(final => final.Succeeded) ? ExitCode.Ok : ExitCode.OperationFailed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            session.Error.WriteLine(operations.Count == 1 ? "rtops: No longer watching. The operation goes on; watch it again:" : "rtops: No longer watching. The operations go on; watch them again:");
            session.Error.WriteLine("  rtops watch " + string.Join(' ', operations));
            return ExitCode.Interrupted;
        }
    }

    private static async Task<OperationStatus> WatchOneAsync(Session session, Uri uri, Action<OperationStatus> show, CancellationToken cancellationToken)
    {
        OperationStatus? newest = null;
        await foreach (OperationStatus status in session.Client.WatchAsync(uri, session.WatchOptions, cancellationToken))
        {
            show(newest = status);
        }

        return newest!;
    }
}
