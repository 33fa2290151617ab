using System.Security.Cryptography;

namespace RealtimeOps.Storage;

/// <summary>Takes a payload's bytes: in memory while it is small, then into a file. Not completed means not kept.</summary>
internal sealed class PayloadSink(string path, Action<Exception> onRefused) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private MemoryStream? _memory = new();
    private FileStream? _file;
    private long _length;
    private bool _completed;

    public string Path => path;

    public override long Length => _length;

    /// <summary>The whole payload, when it is small enough for a row; known once completed.</summary>
    public byte[]? InMemory { get; private set; }

    public byte[] Sha256 { get; private set; } = [];

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            if (_memory is not null && _length + buffer.Length > PayloadFiles.LargestInRow)
            {
                Spill();
            }

            await (_memory ?? (Stream)_file!).WriteAsync(buffer, cancellationToken);
        }
        catch (Exception failure) when (IsRefusal(failure))
        {
            throw Refused(failure);
        }

        _hash.AppendData(buffer.Span);
        _length += buffer.Length;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public async Task CompleteAsync()
    {
        if (_file is not null)
        {
            try
            {
                _file.Flush(flushToDisk: true);
                await _file.DisposeAsync();
            }
            catch (Exception failure) when (IsRefusal(failure))
            {
                throw Refused(failure);
            }
        }
        else
        {
            InMemory = _memory!.ToArray();
        }

        Sha256 = _hash.GetHashAndReset();
        _completed = true;
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            _file?.Dispose();
            if (!_completed && _file is not null)
            {
                File.Delete(path);
            }
        }

        base.Dispose(disposing);
    }

    /// <summary>.NET tells "file too large" as an argument out of range.</summary>
    private static bool IsRefusal(Exception failure) => failure is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;

    /// <summary>A disk that refuses is the store's trouble, not the producer's.</summary>
    private StoreUnavailableException Refused(Exception failure)
    {
        onRefused(failure);
        return new StoreUnavailableException("The store cannot be written now: " + failure.Message, failure);
    }

    private void Spill()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        _memory!.WriteTo(_file);
        _memory = null;
    }
}
