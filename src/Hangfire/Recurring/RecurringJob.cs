using System.Reflection;
using Hangfire;
using Hangfire.Common;
using Hangfire.Server;
using Microsoft.Extensions.Options;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>What Hangfire's recurring jobs call: submits the operation. Neither the type nor the method may be renamed while such jobs are stored.</summary>
internal sealed class RecurringJob(
    RecurringOperations operations,
    IOperationStore store,
    IPayloadStore payloads,
    OperationFeed feed,
    QueuedOperations queued,
    IExecutionEngine engine,
    IOptions<RealtimeOpsOptions> options,
    TimeProvider time,
    ILogger<RecurringJob> logger)
{
    /// <summary>No operation type's queue can have this name.</summary>
    public const string Queue = "_recurring";

    private static readonly MethodInfo Method = typeof(RecurringJob).GetMethod(nameof(Submit))!;

    public static Job For(string name) => new(typeof(RecurringJob), Method, [name, null!], Queue);

    /// <summary>Answers the operation's key, which the dashboard shows as the job's result.</summary>
    [JobDisplayName("Submit {0}")]
    public string Submit(string name, PerformContext context) => SubmitAsync(name, context.BackgroundJob.Id).GetAwaiter().GetResult();

    private async Task<string> SubmitAsync(string name, string jobId)
    {
        RecurringOperation recurring = operations.Find(name) ?? throw new InvalidOperationException($"There is no recurring operation '{name}' in this server's configuration.");
        DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        Payload input = await payloads.StageAsync("application/json", recurring.Input);
        AcceptResult accepted = await AcceptAsync(
            new Operation
            {
                Key = new OperationKey(recurring.Type.Name, OperationId.New(now)),
                Owner = Caller.Anonymous,
                BaseUri = options.Value.PublicUrl!.AbsoluteUri.TrimEnd('/'),
                CreatedAt = now,
                UpdatedAt = now,
                DueAt = now,
                Retention = options.Value.Retention.AfterEnd,
                Tags = new Dictionary<string, string> { ["recurring"] = recurring.Name },

                // Hangfire may run this job twice; it is still one submission.
                IdempotencyKey = $"recurring {recurring.Name} {jobId}",
            },
            input);
        if (!accepted.IsNew)
        {
            payloads.Discard(input);
            return accepted.Operation.Key.ToString();
        }

        queued.Add(accepted.Operation.Owner, 1);
        feed.Add(accepted.Operation);
        engine.Enqueue(WaitingOperation.Of(accepted.Operation));
        HangfireLog.Recurred(logger, recurring.Name, accepted.Operation.Key);
        return accepted.Operation.Key.ToString();
    }

    private async ValueTask<AcceptResult> AcceptAsync(Operation operation, Payload input)
    {
        try
        {
            return await store.AcceptAsync(operation, input);
        }
        catch (StoreUnavailableException)
        {
            payloads.Discard(input);
            throw;
        }
    }
}
