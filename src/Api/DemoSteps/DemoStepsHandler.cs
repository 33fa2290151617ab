using System.Globalization;
using RealtimeOps.Execution;

namespace RealtimeOps.Api.DemoSteps;

/// <summary>An operation that only takes its time, step by step: for trying the gateway, and for measuring it.</summary>
internal sealed class DemoStepsHandler(TimeProvider time) : IOperationHandler<DemoStepsInput, OperationResult>
{
    public const string Type = "demo.steps";

    public const string Description = "Counts steps, each of which takes its time, and can fail on demand.";

    private const int DefaultFailStatus = 1;

    public async Task<OperationResult> HandleAsync(DemoStepsInput input, OperationContext context, CancellationToken cancellationToken)
    {
        var clock = new StepClock(time, TimeSpan.FromMilliseconds(input.StepMs));
        for (int step = 1; step <= input.Steps; step++)
        {
            await clock.WaitAsync(step, cancellationToken);
            if (step == input.FailAt)
            {
                throw new OperationFailedException(FailStatus(input), input.Message ?? $"Failed at step {step}, as asked.");
            }

            context.Report(step, input.Steps, input.Stamp is true ? Stamp(step) : $"Step {step} of {input.Steps}");
        }

        if (context.Attempt <= input.FailTimes)
        {
            throw new OperationFailedException(FailStatus(input), $"Attempt {context.Attempt} failed, as asked.", retry: true);
        }

        context.Message = input.Message;
        return input.Result is { } result ? OperationResult.OfJson(result) : OperationResult.None;
    }

    private static int FailStatus(DemoStepsInput input) => input.FailStatus is { } status and not 0 ? status : DefaultFailStatus;

    /// <summary>The runtime's timestamps are CLOCK_MONOTONIC in nanoseconds on Linux, which another process can read too.</summary>
    private string Stamp(int step) => string.Create(CultureInfo.InvariantCulture, $"@T{step:D10}.{(long)(time.GetTimestamp() * (1e9 / time.TimestampFrequency)):D19}");
}
