namespace RealtimeOps.Execution;

/// <summary>Takes progress. Costs a memory write, never blocks and never throws for a number that is off: call it as often as you like.</summary>
public abstract class ProgressReporter
{
    private protected ProgressReporter()
    {
    }

    /// <summary>Says how far the work is. Within an attempt progress never falls, and it stays at 99 or below until the end.</summary>
    /// <param name="percent">0..100; what lies outside is brought inside.</param>
    /// <param name="activity">What is being done now, for a person; null keeps the present text.</param>
    public void Report(double percent, string? activity = null) => ReportFraction(Math.Clamp(double.IsNaN(percent) ? 0 : percent, 0, 100) / 100, activity);

    /// <summary>As the other one, from a count.</summary>
    /// <param name="done">How much is done.</param>
    /// <param name="total">Of how much; 0 or less reports the activity only.</param>
    /// <param name="activity">What is being done now, for a person; null keeps the present text.</param>
    public void Report(long done, long total, string? activity = null) => ReportFraction(total > 0 ? Math.Clamp((double)done / total, 0, 1) : 0, activity);

    /// <summary>Splits the work into phases that follow each other; each then reports its own 0..100.</summary>
    /// <param name="weights">The share of each phase, in any unit; above 0.</param>
    /// <returns>One reporter a phase.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A weight is not above 0.</exception>
    public IReadOnlyList<ProgressReporter> Phases(params ReadOnlySpan<double> weights)
    {
        double total = 0;
        foreach (double weight in weights)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(weight);
            total += weight;
        }

        var phases = new ProgressReporter[weights.Length];
        double start = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            phases[i] = new Phase(this, start / total, weights[i] / total);
            start += weights[i];
        }

        return phases;
    }

    private protected abstract void ReportFraction(double fraction, string? activity);

    private sealed class Phase(ProgressReporter parent, double start, double share) : ProgressReporter
    {
        private protected override void ReportFraction(double fraction, string? activity) => parent.ReportFraction(start + (share * fraction), activity);
    }
}
