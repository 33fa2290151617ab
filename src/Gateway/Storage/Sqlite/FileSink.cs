namespace RealtimeOps.Storage.Sqlite;

/// <summary>A payload on its way into a file.</summary>
internal sealed class FileSink(string path, Action<Exception> onRefused) : PayloadSink(Path.GetFileName(path), onRefused)
{
    private FileStream? _file;

    protected override ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => _file!.WriteAsync(bytes, cancellationToken);

    protected override ValueTask EndAsync()
    {
        _file!.Flush(flushToDisk: true);
        return _file.DisposeAsync();
    }

    /// <summary>.NET tells "file too large" as an argument out of range.</summary>
    protected override bool IsRefusal(Exception failure) => failure is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && _file is not null)
        {
            _file.Dispose();
            if (!IsCompleted)
            {
                File.Delete(path);
            }
        }
    }
}
