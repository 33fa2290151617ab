using System.CommandLine;
using System.CommandLine.Invocation;
using RealtimeOps.Cli;
using RealtimeOps.Cli.Commands;

var root = new RootCommand(
    $"""
    Submits slow operations to a RealtimeOps gateway, watches them live, and reads what came out.

    An operation is named by its status URI, or short by TYPE/ID.
    Exit codes: {ExitCode.Ok} all went well; {ExitCode.OperationFailed} an operation failed or was canceled; {ExitCode.Usage} wrong usage; {ExitCode.Refused} the server refused;
    {ExitCode.Unreachable} the server cannot be reached; {ExitCode.Interrupted} interrupted (the operations go on).
    """)
{
    SubmitCommand.Create(),
    WatchCommand.Create(),
    ListCommand.Create(),
    CancelCommand.Create(),
    ResultCommand.Create(),
    TailCommand.Create(),
};
CommonOptions.AddTo(root);

ParseResult parsed = root.Parse(args);
if (parsed.Action is ParseErrorAction wrong)
{
    // What is wrong is enough; the whole help would hide it.
    wrong.ShowHelp = false;
}

int code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
return parsed.Action is ParseErrorAction ? ExitCode.Usage : code;
