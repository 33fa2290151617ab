using RealtimeOps.Webhooks;

namespace RealtimeOps.Storage.Sqlite;

/// <summary>The secret in the data folder, readable by the server's user only.</summary>
internal sealed class SecretFile(DataFolder folder, ILogger<SecretFile> logger) : ISecretFile
{
    public string Path { get; } = System.IO.Path.Combine(folder.FullPath, "webhook-secret");

    public string ReadOrCreate(Func<string> make)
    {
        try
        {
            return File.ReadAllText(Path).Trim();
        }
        catch (FileNotFoundException)
        {
            string secret = make();
            Write(secret);
            StorageLog.SecretMade(logger, Path);
            return secret;
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new StartupException($"The webhook secret '{Path}' cannot be read: {failure.Message} Give it to this server's user, or set Webhooks:Secret.", failure);
        }
    }

    /// <summary>Whole or not at all: a crash leaves no half of a secret.</summary>
    private void Write(string secret)
    {
        string draft = Path + ".new";
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

        File.Move(draft, Path, overwrite: true);
    }
}
