using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Webhooks;

/// <summary>Signatures as others read them: the receiver is a Node process with the npm package <c>standardwebhooks</c>.</summary>
public sealed class VerifierTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Webhooks", "verifier");

    [Fact]
    public async Task Message_SignedByTheGateway_IsGenuine()
    {
        await using NodeReceiver receiver = await NodeReceiver.StartAsync(WebhookServer.Secret);
        await using GatewayServer server = await WebhookServer.StartAsync();

        JsonElement final = await server.Client.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, message = "Grüße, 世界 \ud83d\ude00 <&>", webhook = receiver.Address });

        JsonElement delivered = await server.Client.WaitForDeliveryAsync("/deliveries", "delivered");
        delivered.Attempts().Single().Text("answer").ShouldBe("verified " + final.Text("uri"));
    }

    [Fact]
    public async Task Message_DuringARotation_IsGenuineByTheOldSecret()
    {
        await using NodeReceiver receiver = await NodeReceiver.StartAsync(WebhookServer.Secret);
        await using GatewayServer server = await WebhookServer.StartAsync();
        Answer subscription = await server.Client.SubscribeAsync(new { webhook = receiver.Address });
        (await server.Client.PostAsync(subscription.Uri + "/rotate-secret")).ShouldBe(200);

        (await server.Client.PostAsync(subscription.Uri + "/test")).ShouldBe(202);

        await server.Client.WaitForDeliveryAsync("/deliveries", "delivered");
    }

    /// <summary>Or the other tests would prove nothing.</summary>
    [Fact]
    public async Task Message_SignedByAnotherSecret_IsNot()
    {
        await using NodeReceiver receiver = await NodeReceiver.StartAsync("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        await using GatewayServer server = await WebhookServer.StartAsync();

        await server.Client.RunHookedAsync(receiver.Address);

        (await server.Client.WaitForDeliveryAsync("/deliveries", "dead")).Attempts().ShouldAllBe(attempt => attempt.Number("status") == 401);
    }

    private sealed class NodeReceiver : IAsyncDisposable
    {
        private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(2);
        private static readonly SemaphoreSlim Installing = new(1, 1);

        private readonly Process _process;

        private NodeReceiver(Process process, string address) => (_process, Address) = (process, address);

        public string Address { get; }

        public static async Task<NodeReceiver> StartAsync(string secret)
        {
            await InstallAsync();
            Process process = Launch("node", "receive.mjs", secret);
            try
            {
                string? address = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Limited();
                return new NodeReceiver(process, address.ShouldNotBeNull());
            }
            catch
            {
                await EndAsync(process);
                throw;
            }
        }

        public async ValueTask DisposeAsync() => await EndAsync(_process);

        private static async Task EndAsync(Process process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }

        private static async Task InstallAsync()
        {
            await Installing.WaitAsync(TestContext.Current.CancellationToken);
            try
            {
                if (Directory.Exists(Path.Combine(Folder, "node_modules", "standardwebhooks")))
                {
                    return;
                }

                using Process npm = Launch("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");
                Task<string> errors = npm.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
                using var limit = new CancellationTokenSource(InstallLimit);
                using CancellationTokenRegistration late = limit.Token.Register(() => npm.Kill(entireProcessTree: true));
                await npm.WaitForExitAsync(TestContext.Current.CancellationToken);
                Assert.SkipUnless(npm.ExitCode == 0, "The npm package standardwebhooks could not be installed: " + await errors);
            }
            finally
            {
                Installing.Release();
            }
        }

        private static Process Launch(string program, params string[] arguments)
        {
            try
            {
                return Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = program == "npm" })!;
            }
            catch (Win32Exception)
            {
                Assert.Skip($"{program} is missing: Node.js is needed for the npm package standardwebhooks.");
                throw;
            }
        }
    }
}
