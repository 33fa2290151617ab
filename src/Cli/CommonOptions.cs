using System.CommandLine;

namespace RealtimeOps.Cli;

/// <summary>Options that every command has.</summary>
internal static class CommonOptions
{
    public static readonly Option<Uri> Server = new("--server")
    {
        Description = "Where the gateway is. Environment: RTOPS_SERVER.",
        HelpName = "URI",
        Recursive = true,
        DefaultValueFactory = _ => ParseServer(Environment.GetEnvironmentVariable("RTOPS_SERVER") is { Length: > 0 } server ? server : "http://localhost:5080")
            ?? throw new UsageException("RTOPS_SERVER is no http or https URI."),
        CustomParser = result => Parsing.One(result, ParseServer, "an http or https URI"),
    };

    public static readonly Option<string?> Key = new("--key")
    {
        Description = "The key or token that is sent to the gateway, and to nobody else. Environment: RTOPS_KEY.",
        HelpName = "KEY",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json") { Description = "Write JSON, one value a line.", Recursive = true };

    public static readonly Option<TimeSpan?> Patience = new("--patience")
    {
        Description = "How long the gateway may be out of reach while it is watched or submitted to, e.g. 90s or 10m. Default: 10s for submit, 1m for the others.",
        HelpName = "TIME",
        Recursive = true,
        CustomParser = result => Parsing.One(result, Parsing.Time, "a time such as 90s or 10m"),
    };

    public static void AddTo(RootCommand root)
    {
        root.Options.Add(Server);
        root.Options.Add(Key);
        root.Options.Add(Json);
        root.Options.Add(Patience);
    }

    private static Uri? ParseServer(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) ? uri : null;
}
