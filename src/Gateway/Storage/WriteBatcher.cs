using System.Threading.Channels;

namespace RealtimeOps.Storage;

/// <summary>
/// Group commit. Writes of many callers go into one transaction and share one fsync; each caller is answered after it. A batch
/// is whatever has come in while the previous one was being written, so an idle store answers at once and a busy one in bulk.
/// </summary>
/// <param name="sessions">Makes sessions with the database, and judges its failures.</param>
/// <param name="metrics">Told of each transaction.</param>
/// <param name="time">For the pauses between tries.</param>
/// <param name="logger">Told when writes begin to fail, and when they succeed again.</param>
internal sealed class WriteBatcher<TSession>(IWriteSessions<TSession> sessions, StoreMetrics metrics, TimeProvider time, ILogger<WriteBatcher<TSession>> logger) : IDisposable
    where TSession : class, IWriteSession
{
    private const int MaxBatch = 1024;

    /// <summary>What passes by itself mostly does so at once.</summary>
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1)];

    /// <summary>How long a commit that got no answer is asked after.</summary>
    private static readonly TimeSpan LongestDoubt = TimeSpan.FromSeconds(30);

    private readonly Channel<Write> _writes = Channel.CreateBounded<Write>(new BoundedChannelOptions(16_384) { SingleReader = true });
    private Thread? _thread;
    private TSession? _session;
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

    /// <inheritdoc cref="WriteAsync{TResult}"/>
    public async ValueTask WriteAsync(Action<TSession> write) =>
        await WriteAsync(session =>
        {
            write(session);
            return true;
        });

    /// <summary>Writes what has been handed in, then ends.</summary>
    public void Dispose()
    {
        _writes.Writer.TryComplete();
        _thread?.Join();
    }

    private void Run()
    {
        var batch = new List<Write>(MaxBatch);
        while (_writes.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _writes.Reader.TryRead(out Write? write))
            {
                batch.Add(write);
            }

            RunBatch(batch);
        }

        Reset();
    }

    /// <summary>Tries it again where that may help and nothing was committed; whatever comes of it, each caller is told.</summary>
    private void RunBatch(List<Write> batch)
    {
        for (int tried = 0; ; tried++)
        {
            bool isCommitting = false;
            long start = time.GetTimestamp();
            try
            {
                _session ??= sessions.Open();
                _session.Begin(batch.Count);
                foreach (Write write in batch)
                {
                    write.Execute(_session);
                }

                _session.Flush();
                isCommitting = true;
                _session.Commit();
                metrics.Committed(batch.Count, start);
                Complete(batch);
                return;
            }
            catch (Exception failure)
            {
                WriteFailure kind = sessions.Judge(failure, isCommitting);
                if (kind is WriteFailure.Unknown)
                {
                    // It may still hold what the answer waits for.
                    TSession lost = _session!;
                    Reset(isUnknown: true);
                    bool? isCommitted = WasCommitted(lost);
                    if (isCommitted is true)
                    {
                        Complete(batch);
                        return;
                    }

                    kind = isCommitted is false ? WriteFailure.Passing : kind;
                }

                Reset();
                if (kind is WriteFailure.Fault)
                {
                    BlameOne(batch, failure);
                    return;
                }

                // Where it has been failing before, nobody is kept waiting; a conflict is none of that.
                bool mayPass = kind is WriteFailure.Conflict || (kind is WriteFailure.Passing && _lastFailure is null);
                if (!mayPass || tried == Pauses.Length)
                {
                    Fail(batch, failure, kind is WriteFailure.Unknown);
                    return;
                }

                Pause(Pauses[tried]);
            }
        }
    }

    /// <summary>Null when the database could not be asked for too long.</summary>
    private bool? WasCommitted(TSession lost)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return sessions.WasCommitted(lost);
            }
            catch (Exception failure)
            {
                StorageLog.CommitUnknown(logger, failure);
                if (time.GetElapsedTime(start) >= LongestDoubt)
                {
                    return null;
                }

                Pause(Pauses[^1]);
            }
        }
    }

    /// <summary>The database refused something in it: only who wrote that shall suffer.</summary>
    private void BlameOne(List<Write> batch, Exception failure)
    {
        if (batch.Count == 1)
        {
            StorageLog.WriteRefused(logger, failure);
            batch[0].Fail(failure);
            return;
        }

        foreach (Write write in batch)
        {
            RunBatch([write]);
        }
    }

    private void Complete(List<Write> batch)
    {
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

    private void Fail(List<Write> batch, Exception failure, bool isUnknown)
    {
        if (_lastFailure is null)
        {
            StorageLog.WriteFailed(logger, failure, batch.Count);
        }

        _lastFailure = failure.Message;
        foreach (Write write in batch)
        {
            write.Fail(isUnknown
                ? new StoreUnavailableException("The store did not answer whether it has written: " + failure.Message, failure) { IsOutcomeUnknown = true }
                : new StoreUnavailableException("The store cannot be written now: " + failure.Message, failure));
        }
    }

    private void Pause(TimeSpan pause) => Task.Delay(pause, time).GetAwaiter().GetResult();

    /// <summary>After a failure nothing is known of the connection: the next batch opens a new one.</summary>
    private void Reset(bool isUnknown = false)
    {
        try
        {
            using TSession? session = _session;
            if (!isUnknown)
            {
                session?.TakeLeave();
            }
        }
        catch (Exception failure)
        {
            StorageLog.CloseFailed(logger, failure);
        }

        _session = null;
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
