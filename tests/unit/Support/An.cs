using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.UnitTests.Support;

/// <summary>Examples to start from.</summary>
internal static class An
{
    public static readonly DateTimeOffset Instant = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    public static readonly Payload Input = new("application/json", 2, "{}"u8.ToArray(), File: null, new byte[32]);

    public static readonly IMeterFactory Meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    /// <summary>What waits or runs, as a store would count it.</summary>
    public static SampledFigures<IReadOnlyList<UnfinishedOperations>> Unfinished(params IReadOnlyList<UnfinishedOperations> figures) =>
        new(_ => ValueTask.FromResult(figures), TimeProvider.System);

    /// <summary>One that nobody reads.</summary>
    public static OperationJournal Journal() =>
        new(new OperationMetrics(Meters, new OperationTypes([]), Unfinished(), TimeProvider.System), NullLogger<OperationJournal>.Instance);

    public static Operation Operation(string id = "a") => new()
    {
        Key = new OperationKey("demo.steps", id),
        Owner = "anonymous",
        BaseUri = "http://localhost",
        CreatedAt = Instant,
        UpdatedAt = Instant,
        DueAt = Instant,
        Retention = TimeSpan.FromDays(1),
    };

    public static Operation Running() => Operation().Start(Instant, Lease)!;

    /// <summary>An operation in that state, brought there through the door.</summary>
    public static Operation In(OperationState state) => state switch
    {
        OperationState.Queued => Operation(),
        OperationState.Running => Running(),
        OperationState.Retrying => Running().Retry(1, Instant, Instant)!,
        OperationState.Canceling => Running().RequestCancel(Instant)!,
        OperationState.Succeeded => Running().Succeed(1, null, hasResult: false, Instant)!,
        OperationState.Failed => Running().Fail(1, OperationErrors.Unhandled, Instant)!,
        OperationState.Canceled => Operation().RequestCancel(Instant)!,
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}
