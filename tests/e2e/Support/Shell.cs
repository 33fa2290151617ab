using System.Diagnostics;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Support;

/// <summary>Runs what a reader of the README pastes.</summary>
internal static class Shell
{
    /// <summary>Answers what the script writes; every command of it must succeed.</summary>
    public static async Task<string> RunAsync(string script, TimeSpan? limit = null)
    {
        using Process bash = Process.Start(new ProcessStartInfo("bash", ["-e", "-o", "pipefail", "-c", script])
        {
            UseShellExecute = false,
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(limit ?? Limits.Limit, TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken).Limited();
        bash.ExitCode.ShouldBe(0, $"{script}\n{output}\n{await errors}");
        return output;
    }
}
