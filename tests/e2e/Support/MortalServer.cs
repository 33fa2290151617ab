using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.Promises;
using Xunit;

namespace RealtimeOps.E2ETests.Support;

/// <summary>A server on one address and one data folder that dies and comes back. Its clients do as clients do: what got no answer, they ask again.</summary>
internal sealed class MortalServer(string dataPath, params string[] settings) : IPersistentClient, IAsyncDisposable
{
    private readonly int _port = Ports.Free();
    private volatile TaskCompletionSource<GatewayProcess> _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _lostRequests;

    /// <summary>Requests that a death left without an answer.</summary>
    public int LostRequests => Volatile.Read(ref _lostRequests);

    public async Task StartAsync()
    {
        try
        {
            _up.SetResult(await GatewayProcess.StartAsync(Repository.Server, dataPath, _port, settings));
        }
        catch (Exception failure)
        {
            _up.TrySetException(failure);
            throw;
        }
    }

    /// <summary>A request that is lost from now on is lost to the death.</summary>
    public Task KillAsync() => EndAsync(server => server.KillAsync());

    public Task StopAsync() => EndAsync(server => server.StopAsync());

    /// <summary>Asks until there is an answer. A request that fails while the server lives fails the test.</summary>
    public async Task<T> AskAsync<T>(Func<GatewayClient, Task<T>> request)
    {
        while (true)
        {
            TaskCompletionSource<GatewayProcess> life = _up;
            GatewayProcess server = await life.Task.WaitAsync(TestContext.Current.CancellationToken);
            try
            {
                return await request(server.Client);
            }
            catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException && life != _up)
            {
                Interlocked.Increment(ref _lostRequests);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_up.Task.IsCompletedSuccessfully)
        {
            await (await _up.Task).DisposeAsync();
        }
    }

    private async Task EndAsync(Func<GatewayProcess, Task> end)
    {
        await using GatewayProcess server = await _up.Task;
        _up = new TaskCompletionSource<GatewayProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        await end(server);
    }
}
