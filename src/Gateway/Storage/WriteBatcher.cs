using System.Threading.Channels;

namespace RealtimeOps.Storage;

/// <summary>
/// Group commit. Writes of many callers go into one transaction and share one fsync; each caller is answered after it. A batch
/// is whatever has come in while the previous one was being written, so an idle store answers at once and a busy one in bulk.
/// </summary>
/// <param name="open">Makes a session with the database; called again after a failure.</param>
/// <param name="logger">Told when writes begin to fail, and when they succeed again.</param>
internal sealed class WriteBatcher<TSession>(Func<TSession> open, ILogger<WriteBatcher<TSession>> logger) : IDisposable
    where TSession : class, IWriteSession
{
    private const int MaxBatch = 1024;

    private readonly Channel<Write> _writes = Channel.CreateBounded<Write>(new BoundedChannelOptions(16_384) { SingleReader = true });
    private Thread? _thread;
    private volatile string? _lastFailure;

    /// <summary>Why the last batch could not be written; null when it could.</summary>
    public string? LastFailure => _lastFailure;

    /// <summary>Starts the one thread that writes. The session's calls are synchronous, so they get a thread of their own.</summary>
    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "RealtimeOps store writer" };
        _thread.Start();
    }

    /// <summary>Runs <paramref name="write"/> in the next batch; completes once it is durable.</summary>
    /// <exception cref="StoreUnavailableException">Nothing of it was written.</exception>
    public async ValueTask<TResult> WriteAsync<TResult>(Func<TSession, TResult> write)
    {
        var item = new Write<TResult>(write);
        try
        {
            await _writes.Writer.WriteAsync(item);
        }
        catch (ChannelClosedException closed)
        {
            throw new StoreUnavailableException("The store is shutting down.", closed);
        }

        return await item.Task;
    }

    /// <summary>Writes what has been handed in, then ends.</summary>
    public void Dispose()
    {
        _writes.Writer.TryComplete();
        _thread?.Join();
    }

    private void Run()
    {
        TSession? session = null;
        var batch = new List<Write>(MaxBatch);
        while (_writes.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _writes.Reader.TryRead(out Write? write))
            {
                batch.Add(write);
            }

            try
            {
                session ??= open();
                session.Begin();
                foreach (Write write in batch)
                {
                    write.Execute(session);
                }

                session.Commit();
            }
            catch (Exception failure)
            {
                Fail(batch, failure);
                session = Reset(session);
                continue;
            }

            if (_lastFailure is not null)
            {
                _lastFailure = null;
                StorageLog.Recovered(logger);
            }

            foreach (Write write in batch)
            {
                write.Complete();
            }
        }

        session?.Dispose();
    }

    private void Fail(List<Write> batch, Exception failure)
    {
        if (_lastFailure is null)
        {
            StorageLog.WriteFailed(logger, failure, batch.Count);
        }

        _lastFailure = failure.Message;
        foreach (Write write in batch)
        {
            write.Fail(new StoreUnavailableException("The store cannot be written now: " + failure.Message, failure));
        }
    }

    /// <summary>After a failure nothing is known of the connection: the next batch opens a new one.</summary>
    private TSession? Reset(TSession? session)
    {
        try
        {
            session?.Dispose();
        }
        catch (Exception failure)
        {
            StorageLog.CloseFailed(logger, failure);
        }

        return null;
    }

    private abstract class Write
    {
        public abstract void Execute(TSession session);

        public abstract void Complete();

        public abstract void Fail(Exception failure);
    }

    private sealed class Write<TResult>(Func<TSession, TResult> write) : Write
    {
        private readonly TaskCompletionSource<TResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TResult? _result;

        public Task<TResult> Task => _done.Task;

        public override void Execute(TSession session) => _result = write(session);

        public override void Complete() => _done.TrySetResult(_result!);

        public override void Fail(Exception failure) => _done.TrySetException(failure);
    }
}

/// <summary>One connection that writes, a transaction at a time.</summary>
internal interface IWriteSession : IDisposable
{
    void Begin();

    void Commit();
}
