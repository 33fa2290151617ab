using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace RealtimeOps.TestSupport;

/// <summary>The real server as a process of its own, for what cannot be tried in the test's: its start, its death, its limits.</summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GatewayClient? _client;

    private ServerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string Output => string.Join('\n', _output);

    public GatewayClient Client => _client ?? throw new InvalidOperationException("The server does not listen yet.");

    /// <summary>Starts it on a port of its choice, and waits until it listens.</summary>
    /// <param name="dataPath">Its data folder.</param>
    /// <param name="arguments">More settings, as on the command line.</param>
    /// <param name="launcher">Words before the command, such as a shell that prepares the process.</param>
    public static async Task<ServerProcess> StartAsync(string dataPath, string[]? arguments = null, string[]? launcher = null)
    {
        ServerProcess server = Launch(dataPath, arguments ?? [], launcher ?? []);
        try
        {
            Task exit = server._process.WaitForExitAsync(TestContext.Current.CancellationToken);
            (await Task.WhenAny(server._listening.Task, exit).Limited()).ShouldNotBe(exit, "The server has ended:\n" + server.Output);
            server._client = new GatewayClient(await server._listening.Task);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it where it is expected to refuse, and answers its exit code and words.</summary>
    public static async Task<(int ExitCode, string Output)> RunToExitAsync(string dataPath, params string[] arguments)
    {
        await using ServerProcess server = Launch(dataPath, arguments, []);
        await server._process.WaitForExitAsync(TestContext.Current.CancellationToken).Limited();
        return (server._process.ExitCode, server.Output);
    }

    /// <summary>Sends it a signal, such as TERM, or STOP and CONT.</summary>
    public async Task SignalAsync(string name)
    {
        using Process kill = Process.Start("kill", ["-" + name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken).Limited();
    }

    /// <summary>Asks it to stop, as a service manager does, and answers its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).Limited();
        return _process.ExitCode;
    }

    /// <summary>Ends it without warning.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static ServerProcess Launch(string dataPath, string[] arguments, string[] launcher)
    {
        string folder = AppContext.BaseDirectory;
        string[] command =
        [
            .. launcher, Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host : "dotnet",
            "exec", Path.Combine(folder, "RealtimeOps.Api.dll"), "--urls", "http://127.0.0.1:0", "--Data:Path", dataPath, .. arguments,
        ];
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        return new ServerProcess(new Process { StartInfo = start });
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (Listening().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Groups["address"].Value));
        }
    }

    [GeneratedRegex("Now listening on: \"?(?<address>http://[^\"\\s]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
