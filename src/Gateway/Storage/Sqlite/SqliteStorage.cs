using RealtimeOps.Storage.Sql;
using RealtimeOps.Hosting;

namespace RealtimeOps.Storage.Sqlite;

/// <summary>The embedded store: a folder with a database and files, used by one server at a time.</summary>
internal sealed class SqliteStorage : StorageProvider
{
    private readonly DataFolder _folder;
    private readonly SqliteDatabase _database;
    private readonly SqliteReader _reader;
    private readonly PayloadFiles _files;

    public SqliteStorage(string path, ILoggerFactory loggers)
    {
        _folder = new DataFolder(path);
        _database = new SqliteDatabase(_folder.Database);
        _reader = new SqliteReader(_database);
        _files = new PayloadFiles(_folder, loggers.CreateLogger<PayloadFiles>());
        Secrets = new SecretFiles(_folder, loggers.CreateLogger<SecretFiles>());
    }

    public override SqlDialect Dialect { get; } = new SqliteDialect();

    public override string? Folder => _folder.FullPath;

    public override ISqlReader Reader => _reader;

    public override StoredPayloads Payloads => _files;

    public override ISecretStore Secrets { get; }

    public override TimeProvider Time => TimeProvider.System;

    public override Task<(string Place, int Schema)> PrepareAsync(CancellationToken cancellationToken)
    {
        _folder.Acquire();
        _database.Prepare();
        _files.RemoveOrphans(file => _reader.Query(OperationQueries.IsNamed, row => row.Number(0), file).Count > 0);
        return Task.FromResult((_folder.FullPath, SqliteDatabase.Schema));
    }

    public override void BackUp(string folder) => new FolderBackup(_folder, _database).Write(folder);

    public override SqlSession Open() => new SqliteSession(_database, Dialect);

    /// <summary>What the disk refuses now it will refuse at once; and what it did not commit it has rolled back.</summary>
    public override WriteFailure Judge(Exception failure, bool isCommitting) => WriteFailure.Lasting;

    public override bool WasCommitted(SqlSession lost) => false;

    public override void Dispose()
    {
        _reader.Dispose();
        _folder.Dispose();
    }
}
