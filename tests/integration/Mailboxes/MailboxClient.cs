using System.Text;
using System.Text.Json;
using RealtimeOps.IntegrationTests.Webhooks;
using RealtimeOps.TestSupport;

namespace RealtimeOps.IntegrationTests.Mailboxes;

/// <summary>Short ways to what lies in a mailbox.</summary>
internal static class MailboxClient
{
    /// <summary>Runs one that tells a mailbox of its end; answers the final Status, byte for byte.</summary>
    public static async Task<string> RunIntoAsync(this GatewayClient client, string mailbox)
    {
        JsonElement final = await client.RunHookedAsync("mailbox:" + mailbox);
        return (await client.GetAsync(final.Text("uri")!)).ShouldBe(200).Text;
    }

    public static async Task<JsonElement[]> ReadAsync(this GatewayClient client, string mailbox, string query = "", params (string Name, string Value)[] headers) =>
        (await client.GetAsync($"/mailboxes/{mailbox}{query}", headers)).ShouldBe(200).Messages();

    public static JsonElement[] Messages(this Answer answer) => [.. answer.Json.GetProperty("messages").EnumerateArray()];

    public static string[] Ids(this IEnumerable<JsonElement> messages) => [.. messages.Select(message => message.Text("id")!)];

    /// <summary>How many are left, looked up without reading any.</summary>
    public static async Task<long> PendingAsync(this GatewayClient client, string mailbox) =>
        (await client.GetAsync("/mailboxes")).ShouldBe(200).Json.GetProperty("mailboxes").EnumerateArray().Single(listed => listed.Text("name") == mailbox).Number("pending")!.Value;

    /// <summary>The message as a receiver of webhooks would see it.</summary>
    public static Received AsReceived(this JsonElement message) => new(
        "", message.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString()!), Encoding.UTF8.GetBytes(message.Text("body")!), TimeProvider.System.GetUtcNow());
}
