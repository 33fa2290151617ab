namespace RealtimeOps.Api.DemoSteps;

/// <summary>Paces steps from the beginning, so that a late timer does not make all later steps late; steps shorter than a timer's grain share one wait.</summary>
internal sealed class StepClock(TimeProvider time, TimeSpan step)
{
    private readonly long _start = time.GetTimestamp();

    public async ValueTask WaitAsync(int number, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TimeSpan early = (step * number) - time.GetElapsedTime(_start);
        if (early >= TimeSpan.FromMilliseconds(0.5))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(early.TotalMilliseconds))), time, cancellationToken);
        }
    }
}
