using System.ComponentModel;
using System.Diagnostics;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Xunit;

namespace RealtimeOps.E2ETests.OpenApi;

/// <summary>A folder with the npm packages of <c>client/</c>, in which a client is generated and compiled.</summary>
internal sealed class GeneratedClient : IDisposable
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ProgramLimit = TimeSpan.FromMinutes(2);
    private static readonly string Source = Path.Combine(Repository.Root, "tests/e2e/OpenApi/client");

    private readonly TemporaryFolder _folder = new();

    private GeneratedClient()
    {
    }

    /// <summary>Where the document is to be put.</summary>
    public string Document => _folder.Combine("v1.json");

    public string Journey => _folder.Combine("journey.ts");

    /// <summary>Installs the packages once, beside their lock file; skips the test without Node.js or its registry.</summary>
    public static async Task<GeneratedClient> PrepareAsync()
    {
        if (!File.Exists(Path.Combine(Source, "node_modules/.package-lock.json")))
        {
            (int code, string output) = await RunAsync(Source, InstallLimit, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");
            Assert.SkipUnless(code == 0, "The npm packages of tests/e2e/OpenApi/client could not be installed: " + output);
        }

        var client = new GeneratedClient();
        foreach (string file in (string[])["package.json", "tsconfig.json", "journey.ts", "lint.mjs"])
        {
            File.Copy(Path.Combine(Source, file), client._folder.Combine(file));
        }

        Directory.CreateSymbolicLink(client._folder.Combine("node_modules"), Path.Combine(Source, "node_modules"));
        Directory.CreateDirectory(client._folder.Combine("build"));
        return client;
    }

    public Task<(int Code, string Output)> LintAsync() => NodeAsync("lint.mjs", Document);

    public Task<(int Code, string Output)> GenerateAsync() => NodeAsync("node_modules/openapi-typescript/bin/cli.js", Document, "-o", "build/api.ts");

    public Task<(int Code, string Output)> CompileAsync() => NodeAsync("node_modules/typescript/bin/tsc", "-p", ".");

    public Task<(int Code, string Output)> RunAsync(Uri gateway) => NodeAsync("build/journey.js", gateway.ToString().TrimEnd('/'));

    public void Dispose() => _folder.Dispose();

    private Task<(int Code, string Output)> NodeAsync(params string[] arguments) => RunAsync(_folder.Path, ProgramLimit, "node", arguments);

    private static async Task<(int Code, string Output)> RunAsync(string folder, TimeSpan limit, string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(limit, TestContext.Current.CancellationToken);
            return (process.ExitCode, await output + await errors);
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is missing: Node.js is needed to generate a client.");
            throw;
        }
    }
}
