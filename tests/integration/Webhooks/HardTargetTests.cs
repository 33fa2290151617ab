using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using RealtimeOps.Webhooks;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Webhooks;

/// <summary>Receivers that hang, break off, send elsewhere, or stand where nobody may go.</summary>
public sealed class HardTargetTests
{
    [Fact]
    public async Task Receiver_Hangs_IsATimeOut()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync((context, _) => NeverAsync(context));
        await using GatewayServer server = await WebhookServer.StartAsync(new() { ["Webhooks:Timeout"] = "00:00:00.2" });

        await server.Client.RunHookedAsync(receiver.Address);

        JsonElement dead = await server.Client.WaitForDeliveryAsync("/deliveries", "dead");
        dead.Attempts().ShouldAllBe(attempt => attempt.Text("error") == "timedOut" && !attempt.Has("status") && attempt.Number("durationMs") >= 190);
    }

    [Fact]
    public async Task Receiver_ClosesInTheMiddle_IsConnectionLost()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync((context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        await using GatewayServer server = await WebhookServer.StartAsync();

        await server.Client.RunHookedAsync(receiver.Address);

        (await server.Client.WaitForDeliveryAsync("/deliveries", "dead")).Attempts().ShouldAllBe(attempt => attempt.Text("error") == "connectionLost");
    }

    [Fact]
    public async Task Receiver_HangsInItsAnswer_HasTakenTheMessage()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync(async (context, _) =>
        {
            await context.Response.Body.FlushAsync();
            await NeverAsync(context);
        });
        await using GatewayServer server = await WebhookServer.StartAsync();

        await server.Client.RunHookedAsync(receiver.Address);

        (await server.Client.WaitForDeliveryAsync("/deliveries", "delivered")).Attempts().Length.ShouldBe(1);
    }

    [Fact]
    public async Task Receiver_Redirects_IsNotFollowed()
    {
        await using WebhookReceiver secret = await WebhookReceiver.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 301;
            context.Response.Headers.Location = secret.Address;
            return Task.CompletedTask;
        });
        await using GatewayServer server = await WebhookServer.StartAsync();

        await server.Client.RunHookedAsync(receiver.Address);

        (await server.Client.WaitForDeliveryAsync("/deliveries", "dead")).Attempts().ShouldAllBe(attempt => attempt.Number("status") == 301 && attempt.Text("error") == "redirect");
        secret.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Receiver_NotThere_IsConnectionRefused()
    {
        string address;
        await using (WebhookReceiver receiver = await WebhookReceiver.StartAsync())
        {
            address = receiver.Address;
        }

        await using GatewayServer server = await WebhookServer.StartAsync();

        await server.Client.RunHookedAsync(address);

        (await server.Client.WaitForDeliveryAsync("/deliveries", "dead")).Attempts().ShouldAllBe(attempt => attempt.Text("error") == "connectionRefused");
    }

    /// <summary>Being allowed excuses no certificate.</summary>
    [Fact]
    public async Task Receiver_ShowsACertificateOfItsOwnMaking_IsNotTrusted()
    {
        using var key = RSA.Create(2048);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync(certificate: certificate);
        await using GatewayServer server = await WebhookServer.StartAsync();

        await server.Client.RunHookedAsync(receiver.Address);

        (await server.Client.WaitForDeliveryAsync("/deliveries", "dead")).Attempts().ShouldAllBe(attempt => attempt.Text("error") == "tls");
        receiver.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Receiver_SaysRetryAfter_IsHeardWithinBounds()
    {
        int count = 0;
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync((context, _) =>
        {
            bool isFirst = Interlocked.Increment(ref count) == 1;
            context.Response.StatusCode = isFirst ? 429 : 200;
            context.Response.Headers.RetryAfter = "86400";
            return Task.CompletedTask;
        });
        await using GatewayServer server = await WebhookServer.StartAsync(new() { ["Webhooks:RetrySchedule:0"] = "00:00:01" });

        await server.Client.RunHookedAsync(receiver.Address);

        List<Received> tries = await receiver.NextAsync(2);
        (tries[1].At - tries[0].At).ShouldBeGreaterThan(TimeSpan.FromSeconds(1.9), "Twice the step, and no day.");
    }

    [Fact]
    public async Task Targets_OneHangs_TheOtherIsNotDelayed()
    {
        await using WebhookReceiver slow = await WebhookReceiver.StartAsync((context, _) => NeverAsync(context));
        await using WebhookReceiver fast = await WebhookReceiver.StartAsync();
        await using GatewayServer server = await WebhookServer.StartAsync(new() { ["Webhooks:Timeout"] = "00:01:00" });
        for (int i = 0; i < 100; i++)
        {
            await server.Client.SubmitAsync(Inputs.Demo, new { steps = 1, stepMs = 0, webhook = slow.Address });
        }

        await slow.NextAsync(16);
        for (int i = 0; i < 20; i++)
        {
            await server.Client.SubmitAsync(Inputs.Demo, new { steps = 1, stepMs = 0, webhook = fast.Address });
        }

        List<Received> arrived = await fast.NextAsync(20);
        arrived.ShouldAllBe(message => message.At - message.Json.Instant("endedAt") < TimeSpan.FromSeconds(30));
        slow.All.Count.ShouldBe(16, "As many at once as a target may have, and no more.");
    }

    /// <summary>A retry that fell due while others of its target were being sent was once forgotten until the next message.</summary>
    [Fact]
    public async Task Targets_ManyTriesOfOneFail_AllAreRepeated()
    {
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<string, byte>();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync((context, message) =>
        {
            context.Response.StatusCode = seen.TryAdd(message.Id, 0) ? 503 : 200;
            return Task.CompletedTask;
        });
        await using GatewayServer server = await WebhookServer.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => server.Client.SubmitAsync(Inputs.Demo, new { steps = 1, stepMs = 0, webhook = receiver.Address })));

        await server.Client.WaitForDeliveriesAsync("/deliveries?state=delivered&pageSize=200", deliveries => deliveries.Length == 100);
    }

    [Fact]
    public async Task ShutDown_DuringATry_IsNoFailedTry()
    {
        var arrived = new Signal();
        int count = 0;
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync((context, _) =>
        {
            if (Interlocked.Increment(ref count) > 1)
            {
                return Task.CompletedTask;
            }

            arrived.Set();
            return NeverAsync(context);
        });
        await using GatewayServer server = await WebhookServer.StartAsync();
        await server.Client.RunHookedAsync(receiver.Address);
        await arrived.ReachedAsync();

        await server.RestartAsync();

        JsonElement delivered = await server.Client.WaitForDeliveryAsync("/deliveries", "delivered");
        delivered.Attempts().Length.ShouldBe(1);
        receiver.All.Select(message => message.Id).Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9/")]
    [InlineData("https://localhost/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("http://hooks.example/")]
    [InlineData("https://user:secret@hooks.example/")]
    public async Task Post_TargetWhoseSpellingShowsIt_Is400(string webhook)
    {
        await using GatewayServer server = await GatewayServer.StartAsync();

        (await server.Client.PostAsync("/operations/demo.steps", new { steps = 1, stepMs = 0, webhook })).ShouldBeProblem(400, "invalid-input").Pointers().ShouldBe(["/webhook"]);
        (await server.Client.PostAsync($"/operations/demo.steps?webhook={Uri.EscapeDataString(webhook)}", Inputs.Quick)).ShouldBeProblem(400, "invalid-input").Pointers().ShouldBe(["/webhook"]);
        (await server.Client.PostAsync("/subscriptions", new { webhook })).ShouldBeProblem(400, "invalid-input").Pointers().ShouldBe(["/webhook"]);
    }

    /// <summary>The name looks harmless, and stands for this machine once it is looked up.</summary>
    [Fact]
    public async Task Name_OfAForbiddenAddress_EndsRefusedAndIsNotTriedAgain()
    {
        var resolver = new FakeResolver([IPAddress.Parse("10.0.0.1"), IPAddress.Loopback]);
        await using GatewayServer server = await GatewayServer.StartAsync(services: services => services.AddSingleton<IHostResolver>(resolver));

        await server.Client.RunHookedAsync("https://harmless.example/");

        JsonElement refused = await server.Client.WaitForDeliveryAsync("/deliveries", "refused");
        refused.Attempts().Single().Text("error").ShouldBe("targetRefused");
        refused.Has("nextAttemptAt").ShouldBeFalse();
        resolver.Asked.ShouldBe(1);
    }

    /// <summary>A name that changes its mind: allowed when it was checked at submission, forbidden at the next look. The address that is connected to is the one that was judged.</summary>
    [Fact]
    public async Task Name_ChangesItsMind_OnlyTheJudgedAddressIsConnectedTo()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 500;
            context.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        });
        string port = receiver.Address.Split(':')[^1];
        var resolver = new FakeResolver([IPAddress.Parse("127.0.0.1")], [IPAddress.Parse("127.0.0.3")]);
        await using GatewayServer server = await GatewayServer.StartAsync(
            new() { ["Webhooks:AllowedTargets:0"] = "127.0.0.1/32", ["Webhooks:RetrySchedule:0"] = "00:00:00.1" },
            services: services => services.AddSingleton<IHostResolver>(resolver));

        await server.Client.RunHookedAsync($"http://fickle.example:{port}/");

        JsonElement refused = await server.Client.WaitForDeliveryAsync("/deliveries", "refused");
        refused.Attempts().Select(attempt => attempt.Text("error")).ShouldBe(["status", "targetRefused"]);
        receiver.All.Count.ShouldBe(1);
        resolver.Asked.ShouldBe(2, "Each try looks once: what was judged is what is connected to.");
    }

    [Fact]
    public async Task Name_ThatIsNotKnown_IsRetried()
    {
        await using GatewayServer server = await WebhookServer.StartAsync(services: services => services.AddSingleton<IHostResolver>(new FakeResolver()));

        await server.Client.RunHookedAsync("https://nobody.example/");

        (await server.Client.WaitForDeliveryAsync("/deliveries", "dead")).Attempts().Select(attempt => attempt.Text("error")).ShouldBe(["dns", "dns", "dns"]);
    }

    private static Task NeverAsync(HttpContext context) =>
        Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    /// <summary>Answers one after the other, the last one again and again; without any it knows nobody.</summary>
    private sealed class FakeResolver(params IPAddress[][] answers) : IHostResolver
    {
        private int _asked;

        public int Asked => _asked;

        public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
            answers.Length == 0 ? Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound))
            : Task.FromResult(answers[Math.Min(Interlocked.Increment(ref _asked), answers.Length) - 1]);
    }
}
