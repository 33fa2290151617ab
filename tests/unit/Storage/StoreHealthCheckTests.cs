using Microsoft.Extensions.Diagnostics.HealthChecks;
using RealtimeOps.Storage;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Storage;

public sealed class StoreHealthCheckTests
{
    private readonly MemoryOperationStore _store = new();
    private readonly ManualTime _time = new();
    private readonly StoreHealthCheck _check;

    public StoreHealthCheckTests() => _check = new StoreHealthCheck(_store, _time);

    [Fact]
    public async Task Check_OftenAsked_WritesEveryFewSeconds()
    {
        for (int i = 0; i < 100; i++)
        {
            (await StatusAsync()).ShouldBe(HealthStatus.Healthy);
            _time.Advance(TimeSpan.FromSeconds(0.1));
        }

        _store.Probes.ShouldBe(2);
    }

    [Fact]
    public async Task Check_StoreFillsAndIsFreedWithNobodyWriting_SaysSo()
    {
        (await StatusAsync()).ShouldBe(HealthStatus.Healthy);

        _store.IsFull = true;
        HealthCheckResult full = await _check.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
        full.Status.ShouldBe(HealthStatus.Unhealthy);
        full.Description.ShouldBe("The store cannot be written; the log tells why.");

        _store.IsFull = false;
        (await StatusAsync()).ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Check_WhileAWriteIsOnItsWay_WaitsForThatOne()
    {
        var written = new TaskCompletionSource();
        _store.Answer = written.Task;
        Task<HealthStatus>[] checks = [StatusAsync(), StatusAsync()];
        _time.Advance(TimeSpan.FromMinutes(1));
        Task<HealthStatus> late = StatusAsync();

        written.SetResult();

        (await Task.WhenAll([.. checks, late])).ShouldAllBe(status => status == HealthStatus.Healthy);
        _store.Probes.ShouldBe(1);
    }

    private async Task<HealthStatus> StatusAsync() => (await _check.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken)).Status;
}
