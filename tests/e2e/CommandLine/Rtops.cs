using System.Diagnostics;
using System.Globalization;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Xunit;

namespace RealtimeOps.E2ETests.CommandLine;

/// <summary>The command line as a process, with its output redirected as in a script.</summary>
internal sealed class Rtops : IDisposable
{
    private readonly Process _process;

    /// <remarks>Whoever runs the tests in the background may have interrupts ignored, and that is inherited.</remarks>
    private Rtops(Uri server, string[] arguments) => _process = Process.Start(new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", "exec", Repository.CommandLine, .. arguments])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["RTOPS_SERVER"] = server.ToString(), ["RTOPS_KEY"] = null },
    })!;

    public static Rtops Start(Uri server, params string[] arguments) => new(server, arguments);

    /// <summary>Runs it to its end.</summary>
    public static async Task<Ended> RunAsync(Uri server, params string[] arguments)
    {
        using var rtops = new Rtops(server, arguments);
        rtops._process.StandardInput.Close();
        return await rtops.EndAsync();
    }

    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Limited() ?? throw new InvalidOperationException("It ended: " + await _process.StandardError.ReadToEndAsync());

    public async Task WriteAsync(string input)
    {
        await _process.StandardInput.WriteAsync(input);
        _process.StandardInput.Close();
    }

    /// <summary>As Ctrl+C does.</summary>
    public void Interrupt() => Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]).Dispose();

    public async Task<Ended> EndAsync()
    {
        Task<string> errors = _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).Limited();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).Limited();
        return new Ended(_process.ExitCode, output, await errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>What a script sees of it.</summary>
    public sealed record Ended(int Code, string Output, string Errors)
    {
        public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
