namespace RealtimeOps.Storage.Sqlite;

/// <summary>The folder of the embedded store. One server at a time: the lock on it ends with its process.</summary>
internal sealed class DataFolder(string path) : IDisposable
{
    private FileStream? _lock;

    public string FullPath { get; } = Path.GetFullPath(path);

    public string Payloads => Path.Combine(FullPath, "payloads");

    public string Database => Path.Combine(FullPath, "operations.db");

    /// <exception cref="StartupException">The folder cannot be used.</exception>
    public void Acquire()
    {
        try
        {
            Directory.CreateDirectory(Payloads);
            _lock = new FileStream(Path.Combine(FullPath, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new StartupException($"The data folder '{FullPath}' cannot be written: {failure.Message} Set Data:Path to a folder that this user may write.", failure);
        }
        catch (IOException failure)
        {
            throw new StartupException(
                $"The data folder '{FullPath}' cannot be used: it is in use by another server, or its disk refuses ({failure.Message}). Give each server its own Data:Path.", failure);
        }
    }

    public void Dispose() => _lock?.Dispose();
}
