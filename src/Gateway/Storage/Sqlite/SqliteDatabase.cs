using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace RealtimeOps.Storage.Sqlite;

/// <summary>Opens connections and keeps the schema: numbered scripts, applied in order, each in a transaction with its number.</summary>
internal sealed class SqliteDatabase(string path)
{
    /// <summary>Checking a larger file page by page would make the server slow to start; such a one is checked by its backups.</summary>
    private const long LargestChecked = 256 * 1024 * 1024;

    private static readonly string[] Scripts = Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.Contains(".Storage.Sqlite.Scripts.", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();

    public string Path => path;

    public static int Schema => Scripts.Length;

    public SqliteConnection OpenWriter()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16384; PRAGMA temp_store = MEMORY;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public SqliteConnection OpenReader()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 5, Mode = SqliteOpenMode.ReadWrite }.ToString());
        connection.Open();
        Execute(connection, "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA cache_size = -16384;");
        return connection;
    }

    /// <summary>Writes the database as it is at this moment into a new file, while others go on writing to this one.</summary>
    public void CopyTo(string file)
    {
        using (SqliteConnection connection = OpenReader())
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA query_only = OFF; VACUUM INTO $file";
            command.Parameters.AddWithValue("$file", file);
            command.ExecuteNonQuery();
        }

        using FileStream copy = new(file, FileMode.Open, FileAccess.ReadWrite);
        copy.Flush(flushToDisk: true);
    }

    /// <summary>Brings the file to the present schema.</summary>
    /// <exception cref="StartupException">The file is damaged, newer than this server, or cannot be opened.</exception>
    public void Prepare()
    {
        try
        {
            using SqliteConnection connection = OpenWriter();
            Check(connection);
            Migrate(connection);
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode is 11 or 26)
        {
            throw new StartupException(
                $"The database '{path}' is damaged ({failure.Message}). Restore it from a backup, or move the file away to start with an empty store; nothing was changed.", failure);
        }
        catch (SqliteException failure)
        {
            throw new StartupException($"The database '{path}' cannot be opened: {failure.Message}. Look at the folder's rights and the free space of its disk.", failure);
        }
    }

    private void Check(SqliteConnection connection)
    {
        if (new FileInfo(path).Length > LargestChecked)
        {
            return;
        }

        string verdict = (string)Scalar(connection, "PRAGMA quick_check(1)")!;
        if (verdict != "ok")
        {
            throw new StartupException($"The database '{path}' is damaged ({verdict}). Restore it from a backup, or move the file away to start with an empty store; nothing was changed.");
        }
    }

    private void Migrate(SqliteConnection connection)
    {
        Execute(connection, "BEGIN IMMEDIATE");
        int present = Convert.ToInt32(Scalar(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture);
        if (present > Scripts.Length)
        {
            throw new StartupException(
                $"The database '{path}' has schema {present}; this server knows {Scripts.Length}. A newer server wrote it: start that one, or restore a backup made before the upgrade. Nothing was changed.");
        }

        for (int number = present; number < Scripts.Length; number++)
        {
            using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(Scripts[number])!);
            Execute(connection, reader.ReadToEnd());
        }

        Execute(connection, $"PRAGMA user_version = {Scripts.Length}");
        Execute(connection, "COMMIT");
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
