using System.CommandLine;
using RealtimeOps.Cli.Display;
using RealtimeOps.Client;

namespace RealtimeOps.Cli;

/// <summary>Options that say which operations are meant.</summary>
internal sealed class FilterOptions
{
    private readonly Option<string?> _type = new("--type") { Description = "Only operations of this type.", HelpName = "TYPE" };

    private readonly Option<OperationState[]> _states = new("--state")
    {
        Description = "Only operations in this state: queued, running, retrying, canceling, succeeded, failed or canceled. Repeat it for several.",
        HelpName = "STATE",
    };

    private readonly Option<Dictionary<string, string>> _tags = new("--tag")
    {
        Description = "Only operations with this tag. Repeat it for several.",
        HelpName = "NAME=VALUE",
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = Parsing.Tags,
    };

    public void AddTo(Command command)
    {
        _states.AcceptOnlyFromAmong([.. Enum.GetValues<OperationState>().Select(StatusLine.Name)]);
        command.Options.Add(_type);
        command.Options.Add(_states);
        command.Options.Add(_tags);
    }

    public OperationFilter Read(ParseResult parsed) => new()
    {
        Type = parsed.GetValue(_type),
        States = parsed.GetValue(_states) ?? [],
        Tags = parsed.GetValue(_tags) ?? [],
    };
}
