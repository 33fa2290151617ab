namespace RealtimeOps.TestSupport;

/// <summary>What is written about the code, beside it.</summary>
public static class Documents
{
    private static readonly string Root = FindRoot();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

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
