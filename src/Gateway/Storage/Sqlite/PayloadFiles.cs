namespace RealtimeOps.Storage.Sqlite;

/// <summary>Large payloads as files, synced to disk before a row names them.</summary>
internal sealed class PayloadFiles(DataFolder folder, ILogger<PayloadFiles> logger) : StoredPayloads
{
    public override void Remove(IReadOnlyCollection<string> unnamed)
    {
        foreach (string file in unnamed)
        {
            Discard(file);
        }
    }

    /// <summary>Removes files that were staged for something that was never accepted.</summary>
    public void RemoveOrphans(Func<string, bool> isNamed)
    {
        string[] orphans = [.. Directory.EnumerateFiles(folder.Payloads, "*", SearchOption.AllDirectories).Select(path => Path.GetFileName(path)).Where(file => !isNamed(file))];
        Remove(orphans);
        if (orphans.Length > 0)
        {
            StorageLog.OrphansRemoved(logger, orphans.Length);
        }
    }

    protected override PayloadSink NewSink() => new FileSink(PathOf(Guid.CreateVersion7().ToString("n")), failure => StorageLog.PayloadFailed(logger, failure));

    protected override Stream Open(string file, long length) =>
        new FileStream(PathOf(file), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, CopyBuffer, FileOptions.Asynchronous | FileOptions.SequentialScan);

    protected override void Discard(string file)
    {
        try
        {
            File.Delete(PathOf(file));
        }
        catch (IOException failure)
        {
            StorageLog.RemoveFailed(logger, failure, file);
        }
    }

    /// <summary>Spread over folders by the random end of the name, so that none holds too many.</summary>
    public static string PathOf(DataFolder folder, string file) => Path.Combine(folder.Payloads, file[^2..], file);

    private string PathOf(string file) => PathOf(folder, file);
}
