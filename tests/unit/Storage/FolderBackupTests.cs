using RealtimeOps.Storage.Sqlite;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Storage;

public sealed class FolderBackupTests : IDisposable
{
    private readonly DirectoryInfo _folders = Directory.CreateTempSubdirectory("realtimeops-");
    private readonly DataFolder _source;
    private readonly SqliteDatabase _database;

    public FolderBackupTests()
    {
        _source = new DataFolder(Path.Combine(_folders.FullName, "data"));
        _source.Acquire();
        _database = new SqliteDatabase(_source.Database);
        _database.Prepare();
    }

    public void Dispose()
    {
        _source.Dispose();
        _folders.Delete(recursive: true);
    }

    [Fact]
    public void Write_NameWithASlashAtItsEnd_IsThatFolder()
    {
        string target = Path.Combine(_folders.FullName, "backup");

        new FolderBackup(_source, _database).Write(target + Path.DirectorySeparatorChar);

        File.Exists(new DataFolder(target).Database).ShouldBeTrue();
        Directory.Exists(target + ".partial").ShouldBeFalse();
    }

    [Fact]
    public void Write_BelowAFile_IsToldInASentence()
    {
        string file = Path.Combine(_folders.FullName, "file");
        File.WriteAllText(file, "");

        Should.Throw<StartupException>(() => new FolderBackup(_source, _database).Write(Path.Combine(file, "backup"))).Message.ShouldStartWith("The backup to '");
    }

    [Fact]
    public void Write_DatabaseThatCannotBeCopied_LeavesNoDraft()
    {
        string damaged = Path.Combine(_folders.FullName, "damaged");
        File.WriteAllText(damaged, "This is no database, and longer than the header of one would be. It is one hundred bytes and some more.");
        string target = Path.Combine(_folders.FullName, "backup");

        Should.Throw<StartupException>(() => new FolderBackup(_source, new SqliteDatabase(damaged)).Write(target)).Message.ShouldContain("nothing of it is kept");
        Directory.Exists(target + ".partial").ShouldBeFalse();
    }
}
