using RealtimeOps.IntegrationTests.Security;
using RealtimeOps.TestSupport.InProcess;

namespace RealtimeOps.IntegrationTests.Abuse;

/// <summary>What no log may hold, at its most talkative: errors that clients make, credentials, and what they sent as their own.</summary>
internal static class LogJudge
{
    private static readonly string[] Secrets = [Plantation.Canary, OddValues.Payload, .. new[] { "anna", "bob", "carl", "root" }.Select(Keys.Of)];

    /// <summary>Refusals of the hub are no errors; the server's own settings silence this, as those of <see cref="GatewayServer"/> do.</summary>
    private const string HubRefusal = "Error 25 Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher";

    /// <summary>Of what was logged since the last look.</summary>
    public static IEnumerable<string> FaultsOf(GatewayServer server)
    {
        foreach (string line in server.TakeLog())
        {
            if (line.StartsWith("Critical", StringComparison.Ordinal) || (line.StartsWith("Error", StringComparison.Ordinal) && !line.StartsWith(HubRefusal, StringComparison.Ordinal)))
            {
                yield return "It was logged: " + line;
            }
            else if (Array.Find(Secrets, secret => line.Contains(secret, StringComparison.OrdinalIgnoreCase)) is { } secret)
            {
                yield return $"The log tells {secret}: {line}";
            }
        }
    }
}
