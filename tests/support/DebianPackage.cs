using System.Diagnostics;
using Xunit;

namespace RealtimeOps.TestSupport;

/// <summary>A program that a test needs and that no package of .NET brings: found on the machine, or installed where that is possible, else the test is skipped with the reason.</summary>
public sealed class DebianPackage(string name, string executable)
{
    public static readonly DebianPackage Chromium = new("chromium", "/usr/bin/chromium");
    public static readonly DebianPackage Nginx = new("nginx", "/usr/sbin/nginx");

    /// <summary>Downloads take longer than tests.</summary>
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(10);

    private static readonly SemaphoreSlim Installing = new(1, 1);

    /// <summary>The path of the program; skips the test when it cannot be had.</summary>
    public async Task<string> RequireAsync()
    {
        await Installing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!File.Exists(executable))
            {
                Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/etc/debian_version"), $"{executable} is missing. On Debian: apt-get install {name}");
                await InstallAsync();
            }
        }
        finally
        {
            Installing.Release();
        }

        return executable;
    }

    /// <summary>Other test projects install at the same time: apt waits for its own lock. With RUNLEVEL=1 no service is started.</summary>
    private async Task InstallAsync()
    {
        const string Wait = "-o DPkg::Lock::Timeout=300";
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"apt-get {Wait} update -q && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get {Wait} install -yq --no-install-recommends {name}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(InstallLimit, TestContext.Current.CancellationToken);
        Assert.SkipUnless(shell.ExitCode == 0 && File.Exists(executable), $"{name} could not be installed: {await output}{await errors}");
    }
}
