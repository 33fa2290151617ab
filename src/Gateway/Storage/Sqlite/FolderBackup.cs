using Microsoft.Data.Sqlite;

namespace RealtimeOps.Storage.Sqlite;

/// <summary>
/// Copies the data folder while a server uses it. Files are never changed once a row names them, but they are removed with their operations: so all that
/// are there are copied first, then the database as of one moment, then the files that it names and that came meanwhile.
/// </summary>
internal sealed class FolderBackup(DataFolder source, SqliteDatabase database)
{
    private const string NamedFiles = "SELECT file FROM inputs WHERE file IS NOT NULL UNION SELECT file FROM results WHERE file IS NOT NULL";

    /// <summary>The folder appears when all is in it.</summary>
    /// <exception cref="StartupException">There is nothing to copy, the folder is there already, or it cannot be written.</exception>
    public void Write(string folder)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!File.Exists(source.Database))
        {
            throw new StartupException($"There is no store in '{source.FullPath}'. Say where it is with --Data:Path.");
        }

        if (Path.Exists(target))
        {
            throw new StartupException($"'{target}' is there already. Name a folder that is not, so that no backup takes the place of another.");
        }

        var draft = new DataFolder(target + ".partial");
        try
        {
            Remove(draft);
            CopyAll(draft);
            Directory.Move(draft.FullPath, target);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SqliteException)
        {
            TryRemove(draft);
            throw new StartupException($"The backup to '{target}' has failed and nothing of it is kept: {failure.Message}", failure);
        }
    }

    private void CopyAll(DataFolder draft)
    {
        Directory.CreateDirectory(draft.Payloads);
        foreach (string path in Directory.EnumerateFiles(source.Payloads, "*", SearchOption.AllDirectories))
        {
            Copy(path, PayloadFiles.PathOf(draft, Path.GetFileName(path)));
        }

        database.CopyTo(draft.Database);
        CopyNamed(draft);
        foreach (string secret in SecretFiles.All(source))
        {
            Copy(secret, Path.Combine(draft.FullPath, Path.GetFileName(secret)));
        }
    }

    /// <summary>One that was still being written at the first time is longer now.</summary>
    private void CopyNamed(DataFolder draft)
    {
        using SqliteConnection connection = new SqliteDatabase(draft.Database).OpenReader();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = NamedFiles;
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            var original = new FileInfo(PayloadFiles.PathOf(source, rows.GetString(0)));
            var copy = new FileInfo(PayloadFiles.PathOf(draft, rows.GetString(0)));
            if (original.Exists && (!copy.Exists || copy.Length != original.Length))
            {
                Copy(original.FullName, copy.FullName);
            }
        }
    }

    private static void Remove(DataFolder draft)
    {
        if (Directory.Exists(draft.FullPath))
        {
            Directory.Delete(draft.FullPath, recursive: true);
        }
    }

    /// <summary>What has failed may keep the draft from being removed too; the next backup of that name begins by it.</summary>
    private static void TryRemove(DataFolder draft)
    {
        try
        {
            Remove(draft);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static void Copy(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        try
        {
            File.Copy(path, target, overwrite: true);
            using FileStream copy = new(target, FileMode.Open, FileAccess.ReadWrite);
            copy.Flush(flushToDisk: true);
        }
        catch (FileNotFoundException)
        {
            // Its operation was removed meanwhile.
        }
    }
}
