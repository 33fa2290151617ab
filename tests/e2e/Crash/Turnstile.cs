using RealtimeOps.TestSupport;

namespace RealtimeOps.E2ETests.Crash;

/// <summary>Lets submissions pass a portion at a time, so that every life of the server has its own, and tells when so many have passed.</summary>
internal sealed class Turnstile : IDisposable
{
    private readonly SemaphoreSlim _permits = new(0);
    private readonly Lock _gate = new();
    private TaskCompletionSource? _reached;
    private int _awaited;
    private int _passed;

    public void Admit(int count) => _permits.Release(count);

    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        await _permits.WaitAsync(cancellationToken);
        lock (_gate)
        {
            if (++_passed >= _awaited)
            {
                _reached?.TrySetResult();
            }
        }
    }

    /// <summary>Waits until so many have passed, since the beginning.</summary>
    public Task ReachAsync(int count)
    {
        lock (_gate)
        {
            _awaited = count;
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_passed >= count)
            {
                _reached.SetResult();
            }

            return _reached.Task.Limited();
        }
    }

    public void Dispose() => _permits.Dispose();
}
