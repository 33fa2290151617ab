using System.Reflection;
using Xunit;

namespace RealtimeOps.E2ETests.Support;

/// <summary>The folder of the solution, and the programs built in it.</summary>
internal static class Repository
{
    private static readonly string Configuration = typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    public static string Root { get; } = FindRoot();

    public static string Server { get; } = Program("src/Api", "RealtimeOps.Api.dll");

    public static string CommandLine { get; } = Program("src/Cli", "rtops.dll");

    public static string Sample { get; } = Program("samples/RenderReports", "RealtimeOps.Samples.RenderReports.dll");

    /// <summary>Skips the test where there was no Node.js when the server was built.</summary>
    public static void RequireWeb() => Assert.SkipUnless(File.Exists(Path.Combine(Path.GetDirectoryName(Server)!, "wwwroot/operation-progress.js")), "The browser side is not built: that needs Node.js.");

    public static Task<string> ReadAsync(string path, CancellationToken cancellationToken) => File.ReadAllTextAsync(Path.Combine(Root, path), cancellationToken);

    private static string Program(string project, string assembly) =>
        Path.Combine(Root, project, "bin", Configuration, Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), assembly);

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "RealtimeOps.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("RealtimeOps.sln is in no folder above the tests.");
        }

        return folder;
    }
}
