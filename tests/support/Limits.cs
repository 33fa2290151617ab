using Xunit;

namespace RealtimeOps.TestSupport;

/// <summary>No test waits without a limit.</summary>
public static class Limits
{
    /// <summary>Far above what anything here takes, so that a busy machine fails no test.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    public static Task Limited(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<T> Limited<T>(this Task<T> task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);
}
