#if USE_HANGFIRE
using Hangfire.InMemory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RealtimeOps.Hangfire;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Hangfire;

/// <summary>One bad change does not keep up the others.</summary>
public sealed class JobWriterTests : IDisposable
{
    private readonly InMemoryStorage _memory = new();
    private readonly EngineStorage _storage;
    private readonly JobWriter _writer;

    public JobWriterTests()
    {
        _storage = new EngineStorage(Options.Create(new RealtimeOpsOptions()), new ConfigurationBuilder().Build(), TimeProvider.System, new SharedJobs(_memory));
        _writer = new JobWriter(_storage, TimeProvider.System, NullLogger<JobWriter>.Instance);
    }

    [Fact]
    public async Task Post_ChangeThatAlwaysFails_IsDroppedAndTheOthersAreWritten()
    {
        var calls = new List<string>();
        var done = new Signal();
        _writer.Post(static batch => Write(batch, "a"), () => calls.Add("a"));
        _writer.Post(static _ => throw new InvalidOperationException("Poison."), () => calls.Add("poison"), dropped: () => calls.Add("dropped"));
        _writer.Post(static batch => Write(batch, "b"), done.Set);

        _writer.Begin();
        await done.ReachedAsync();
        await _writer.StopAsync().Limited();

        calls.ShouldBe(["a", "dropped"]);
        Written().ShouldBe(["a", "b"], ignoreOrder: true);
    }

    [Fact]
    public async Task Post_AcknowledgementThatFails_RepeatsNothing()
    {
        int writes = 0;
        var done = new Signal();
        _writer.Post(_ => writes++, static () => throw new InvalidOperationException("The connection is gone."));
        _writer.Post(static batch => Write(batch, "b"), done.Set);

        _writer.Begin();
        await done.ReachedAsync();
        await _writer.StopAsync().Limited();

        writes.ShouldBe(1);
        Written().ShouldBe(["b"]);
    }

    [Fact]
    public async Task Directory_KeysThatDifferInCaseOnly_AreApart()
    {
        var directory = new JobDirectory(_storage);
        var key = new OperationKey("test.script", "Order-1");
        var done = new Signal();
        _writer.Post(batch => directory.Add(batch, key, "1"), done.Set);

        _writer.Begin();
        await done.ReachedAsync();
        await _writer.StopAsync().Limited();

        directory.Find(key).ShouldBe("1");
        directory.Find(new OperationKey("test.script", "order-1")).ShouldBeNull();
    }

    public void Dispose()
    {
        _writer.Dispose();
        _storage.Dispose();
        _memory.Dispose();
    }

    private static void Write(JobBatch batch, string name) => batch.Transaction.SetRangeInHash("test", [new(name, name)]);

    private string[] Written()
    {
        using global::Hangfire.Storage.IStorageConnection connection = _memory.GetConnection();
        return [.. connection.GetAllEntriesFromHash("test").Keys];
    }
}
#endif
