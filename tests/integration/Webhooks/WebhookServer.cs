using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Webhooks;

/// <summary>Gateways that may call this machine, and short ways to what they say about it.</summary>
internal static class WebhookServer
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>Two retries, a tenth of a second apart.</summary>
    public static Task<GatewayServer> StartAsync(Dictionary<string, string?>? settings = null, Script? script = null, TimeProvider? time = null, Action<IServiceCollection>? services = null)
    {
        var all = new Dictionary<string, string?>
        {
            ["Webhooks:Secret"] = Secret,
            ["Webhooks:AllowedTargets:0"] = "127.0.0.0/8",
            ["Webhooks:RetrySchedule:0"] = "00:00:00.1",
            ["Webhooks:RetrySchedule:1"] = "00:00:00.1",
        };
        foreach ((string key, string? value) in settings ?? [])
        {
            all[key] = value;
        }

        return GatewayServer.StartAsync(all, script, time, services);
    }

    /// <summary>Runs one that calls the target at its end.</summary>
    public static Task<JsonElement> RunHookedAsync(this GatewayClient client, string webhook, string query = "") =>
        client.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, message = "Done.", webhook }, query);

    /// <summary>Waits until the messages of a list are as wanted.</summary>
    public static async Task<JsonElement[]> WaitForDeliveriesAsync(this GatewayClient client, string uri, Func<JsonElement[], bool> wanted)
    {
        long start = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        JsonElement[] deliveries;
        do
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            deliveries = [.. (await client.GetAsync(uri)).ShouldBe(200).Json.GetProperty("deliveries").EnumerateArray()];
            TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(Limits.Limit, "The messages are: " + string.Join('\n', deliveries));
        }
        while (!wanted(deliveries));

        return deliveries;
    }

    /// <summary>Waits until the one message of a list is in that state, with its last try recorded.</summary>
    public static async Task<JsonElement> WaitForDeliveryAsync(this GatewayClient client, string uri, string state) =>
        (await client.WaitForDeliveriesAsync(uri, deliveries => deliveries.Length == 1 && deliveries[0].Text("state") == state))[0];

    public static JsonElement[] Attempts(this JsonElement delivery) => [.. delivery.GetProperty("attempts").EnumerateArray()];

    public static async Task<Answer> SubscribeAsync(this GatewayClient client, object subscription) => (await client.PostAsync("/subscriptions", subscription)).ShouldBe(201);

    /// <summary>Subscribes a path of this receiver; answers the subscription's URI.</summary>
    public static async Task<string> SubscribeAsync(this WebhookReceiver receiver, GatewayServer server, string path, object wishes)
    {
        JsonObject subscription = JsonSerializer.SerializeToNode(wishes)!.AsObject();
        subscription["webhook"] = receiver.Address + path;
        return (await server.Client.SubscribeAsync(subscription.ToJsonString())).Uri;
    }
}
