using System.Diagnostics;
using Npgsql;
using Shouldly;
using Xunit;

namespace RealtimeOps.TestSupport.InProcess;

/// <summary>A PostgreSQL of this machine's packages, on a port and with a folder of its own, with a disk that is synced. It ends with the test process, however that ends.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly DebianPackage Package = new("postgresql", "/usr/share/postgresql-common/pg_wrapper");

    /// <summary>Ends the server with the signal that it reads, and when its standard input ends: a process that is killed cannot tell it.</summary>
    private const string Watch = "exec 3<&0; \"$@\" </dev/null & server=$!; read -r end <&3; kill -${end:-INT} $server; wait $server";

    private readonly string _folder;
    private readonly string _programs;
    private readonly HeldPort _port = new();
    private Process? _process;

    private PostgresServer(string folder, string programs) => (_folder, _programs) = (folder, programs);

    /// <summary>Makes one and starts it; skips the test where there is no PostgreSQL.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "PostgreSQL is looked for on Linux only.");
        await Package.RequireAsync();
        string programs = Directory.GetDirectories("/usr/lib/postgresql").Order().Last() + "/bin";
        var server = new PostgresServer(Directory.CreateTempSubdirectory("realtimeops-postgres-").FullName, programs);
        try
        {
            if (Environment.IsPrivilegedProcess)
            {
                await RunAsync("chown", "postgres", server._folder);
            }

            await RunAsync([.. AsUser, programs + "/initdb", "--pgdata", server.Data, "--auth", "trust", "--username", "realtimeops", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]);
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>An empty schema of its own for whoever asks, whose connections can be told from those of others.</summary>
    public async Task<string> NewSchemaAsync()
    {
        string name = "s" + Guid.NewGuid().ToString("n");
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(ConnectionString + ";Pooling=false");
        await using NpgsqlCommand create = source.CreateCommand("CREATE SCHEMA " + name);
        await create.ExecuteNonQueryAsync(TestContext.Current.CancellationToken).Limited();
        return $"{ConnectionString};Search Path={name};Application Name={name};Maximum Pool Size=20";
    }

    /// <summary>Starts a stopped one on the same folder and port.</summary>
    public async Task StartAgainAsync()
    {
        string[] command =
        [
            "sh", "-c", Watch, "sh", .. AsUser, _programs + "/postgres", "-D", Data, "-p", $"{_port.Number}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=on",
            "-c", "max_connections=400",
        ];
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("ready to accept connections", StringComparison.Ordinal) is true)
            {
                ready.TrySetResult();
            }
        };
        _process.Start();
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await ready.Task.Limited();
    }

    /// <summary>Ends it as a shut-down does: open transactions are rolled back and connections closed.</summary>
    public Task StopAsync() => EndAsync("INT");

    /// <summary>Ends it at once, as a power cut would ("immediate" mode): the next start recovers from its log.</summary>
    public Task CrashAsync() => EndAsync("QUIT");

    public async ValueTask DisposeAsync()
    {
        // Nobody needs what it would write at its end.
        await CrashAsync();
        _port.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task EndAsync(string signal)
    {
        if (_process is { } process)
        {
            _process = null;
            await process.StandardInput.WriteLineAsync(signal);
            process.StandardInput.Close();
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(Limits.Limit, CancellationToken.None);
            process.Dispose();
        }
    }

    private string Data => Path.Combine(_folder, "data");

    private string ConnectionString => $"Host=127.0.0.1;Port={_port.Number};Username=realtimeops;Database=postgres";

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static string[] AsUser => Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];

    private static async Task RunAsync(params string[] command)
    {
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        string errors = await process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        process.ExitCode.ShouldBe(0, await output + errors);
    }
}
