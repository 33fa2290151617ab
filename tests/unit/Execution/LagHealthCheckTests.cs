using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RealtimeOps.Execution;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;
using RealtimeOps.UnitTests.Support;
using Shouldly;
using Xunit;

namespace RealtimeOps.UnitTests.Execution;

public sealed class LagHealthCheckTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData("demo.steps", 61, 0, HealthStatus.Degraded)]
    [InlineData("demo.steps", 59, 0, HealthStatus.Healthy)]
    [InlineData("demo.steps", 61, 1, HealthStatus.Healthy)]
    [InlineData("of.another.server", 61, 0, HealthStatus.Healthy)]
    public async Task Check_WaitingOperations_CountOnlyWhereWorkersAreIdle(string type, int seconds, int running, HealthStatus status)
    {
        var attempts = new RunningAttempts();
        for (int i = 0; i < running; i++)
        {
            Operation operation = An.Running();
            attempts.Add(new RunningAttempt(new LiveOperation(operation.Key, new ChangeLog(), _time), operation, _time, NullLogger.Instance));
        }

        var check = new LagHealthCheck(
            An.Unfinished(new UnfinishedOperations(type, OperationState.Queued, 3, _time.GetUtcNow().AddSeconds(-seconds))),
            new OperationTypes([new OperationType { Name = "demo.steps", Description = "", MediaTypes = [], Retries = 0, RetryDelays = [], Queue = "default", MaxInputLength = 1 }]),
            attempts, Options.Create(new ExecutionOptions { Workers = 1 }), _time);

        HealthCheckResult result = await check.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);

        result.Status.ShouldBe(status);
        result.Description?.ShouldNotContain(type);
    }

    [Fact]
    public async Task Check_StoreThatDoesNotTell_IsUnknown()
    {
        var check = new LagHealthCheck(
            new SampledFigures<IReadOnlyList<UnfinishedOperations>>(_ => throw new StoreUnavailableException("gone"), _time), new OperationTypes([]), new RunningAttempts(), Options.Create(new ExecutionOptions()), _time);

        (await check.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken)).Description.ShouldStartWith("How long operations have been waiting is unknown");
    }
}
