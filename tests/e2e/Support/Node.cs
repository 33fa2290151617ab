using Xunit;

namespace RealtimeOps.E2ETests.Support;

/// <summary>Node.js with the packages that the build of the server has installed in src/Web.</summary>
internal static class Node
{
    /// <summary>Skips the test where Node.js is missing.</summary>
    public static void RequireProgram()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        Assert.SkipUnless(folders.Any(folder => File.Exists(Path.Combine(folder, "node"))), "Node.js is not installed.");
    }

    /// <summary>Skips the test where it or its packages are missing.</summary>
    public static void Require()
    {
        RequireProgram();
        Assert.SkipUnless(Directory.Exists(Path.Combine(Repository.Root, "src/Web/node_modules/@microsoft/signalr")), "The npm packages of src/Web are not installed: the build does that.");
    }
}
