namespace RealtimeOps.Api;

/// <summary>Copies the data folder of a running server: <c>RealtimeOps.Api --backup FOLDER</c>, with the server's own settings behind it.</summary>
internal static class Backup
{
    private const string Option = "--backup";

    public static bool IsWanted(string[] args) => args is [Option, ..];

    public static void Run(WebApplication app, string[] args)
    {
        if (args is not [_, var folder, ..] || folder.StartsWith('-'))
        {
            throw new StartupException($"Say where to: {Option} FOLDER");
        }

        app.BackUpRealtimeOps(folder);
        Console.Out.WriteLine($"The backup is in {Path.GetFullPath(folder)}.");
    }
}
