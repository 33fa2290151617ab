using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Support;

/// <summary>A program with the gateway inside, as a process of its own. However it ends, an error in its log fails the test.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private const int ShownLines = 80;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GatewayClient? _client;

    private GatewayProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public GatewayClient Client => _client ?? throw new InvalidOperationException("It does not listen yet.");

    private string Log => string.Join('\n', _log);

    /// <summary>Starts the program and waits until it listens.</summary>
    /// <param name="assembly">The program; it runs in its own folder, as after a publish.</param>
    /// <param name="dataPath">Its data folder.</param>
    /// <param name="port">Where to listen; 0 for a port of its choice.</param>
    /// <param name="settings">More settings, as on the command line.</param>
    public static async Task<GatewayProcess> StartAsync(string assembly, string dataPath, int port = 0, params string[] settings)
    {
        string[] arguments = ["exec", assembly, "--urls", $"http://127.0.0.1:{port}", "--Data:Path", dataPath, .. settings];
        var program = new GatewayProcess(new ProcessStartInfo("dotnet", arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = Path.GetDirectoryName(assembly),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        try
        {
            Task exit = program._process.WaitForExitAsync(TestContext.Current.CancellationToken);
            (await Task.WhenAny(program._listening.Task, exit).Limited()).ShouldNotBe(exit, "It ended instead of listening:\n" + program.Log);
            program._client = new GatewayClient(await program._listening.Task);
            return program;
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks it to stop, as a service manager does; it must end by itself, and well.</summary>
    public async Task StopAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).Limited();
        _process.ExitCode.ShouldBe(0, Log);
        CheckLog();
    }

    /// <summary>Ends it as a power cut would: <c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None).Limited();
        CheckLog();
    }

    /// <summary>The most memory that it ever had resident, in bytes.</summary>
    public Task<long> PeakMemoryAsync() => ReadMemoryAsync(PeakLine());

    /// <summary>The memory that it has resident now, in bytes.</summary>
    public Task<long> MemoryAsync() => ReadMemoryAsync(ResidentLine());

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        foreach (string line in _log.TakeLast(ShownLines))
        {
            TestContext.Current.TestOutputHelper?.WriteLine(line);
        }

        _process.Dispose();
    }

    private async Task<long> ReadMemoryAsync(Regex line)
    {
        string status = await File.ReadAllTextAsync($"/proc/{_process.Id}/status", TestContext.Current.CancellationToken);
        return long.Parse(line.Match(status).Groups["kilobytes"].Value, CultureInfo.InvariantCulture) * 1024;
    }

    private void CheckLog() => _log.Where(line => ErrorLine().IsMatch(line)).ShouldBeEmpty(Log);

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        _log.Enqueue(line);
        if (ListeningLine().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Groups["address"].Value));
        }
    }

    [GeneratedRegex("Now listening on: \"?(?<address>http://[^\"\\s]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ListeningLine();

    /// <summary>Serilog's console marks errors in the one way, the framework's in the other, the runtime's last words in the third.</summary>
    [GeneratedRegex(@"^\[\S+ (ERR|FTL)\]|^(fail|crit): |^Unhandled exception", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ErrorLine();

    [GeneratedRegex(@"VmHWM:\s+(?<kilobytes>\d+) kB", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PeakLine();

    [GeneratedRegex(@"VmRSS:\s+(?<kilobytes>\d+) kB", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ResidentLine();
}
