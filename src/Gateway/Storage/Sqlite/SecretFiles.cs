using RealtimeOps.Hosting;

namespace RealtimeOps.Storage.Sqlite;

/// <summary>Secrets in the data folder, readable by the server's user only.</summary>
internal sealed class SecretFiles(DataFolder folder, ILogger<SecretFiles> logger) : ISecretStore
{
    private const string Draft = ".new";

    private static readonly string[] Others = ["lock", "operations.db", "operations.db-wal", "operations.db-shm"];

    /// <summary>Those that a folder has: what else lies in it is one of its database.</summary>
    public static IEnumerable<string> All(DataFolder folder) =>
        Directory.EnumerateFiles(folder.FullPath).Where(path => !Others.Contains(Path.GetFileName(path)) && !path.EndsWith(Draft, StringComparison.Ordinal));

    public string PlaceOf(string name) => Path.Combine(folder.FullPath, name);

    public string ReadOrCreate(string name, string setting, Func<string> make)
    {
        string path = PlaceOf(name);
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (FileNotFoundException)
        {
            string secret = make();
            Write(path, secret);
            StorageLog.SecretMade(logger, path, setting);
            return secret;
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new StartupException($"The secret '{path}' cannot be read: {failure.Message} Give it to this server's user, or set {setting}.", failure);
        }
    }

    /// <summary>Whole or not at all: a crash leaves no half of a secret.</summary>
    private static void Write(string path, string secret)
    {
        string draft = path + Draft;
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(draft, options))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(secret + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
