using Xunit;

namespace RealtimeOps.TestSupport;

/// <summary>No test waits without a limit.</summary>
public static class Limits
{
    /// <summary>Far above what anything here takes, so that a busy machine fails no test.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    /// <summary>For loops whose every turn is quick, and that might turn for ever.</summary>
    /// <param name="start">A timestamp of <see cref="TimeProvider.System"/>.</param>
    /// <exception cref="TimeoutException">It was longer ago than the limit.</exception>
    public static void ThrowIfPast(long start)
    {
        if (TimeProvider.System.GetElapsedTime(start) > Limit)
        {
            throw new TimeoutException($"What was waited for did not come within {Limit.TotalSeconds} s.");
        }
    }

    public static Task Limited(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<T> Limited<T>(this Task<T> task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);
}
