using Microsoft.Playwright;

namespace RealtimeOps.E2ETests.Support;

/// <summary>A network that lets only some ways of waiting through. The others it swallows, as bad proxies do: no answer, no refusal.</summary>
internal sealed class Blockade
{
    private volatile string[] _blocked;

    private Blockade(string[] blocked) => _blocked = blocked;

    public static async Task<Blockade> RaiseAsync(IBrowserContext context, string[] blocked)
    {
        var blockade = new Blockade(blocked);
        await context.RouteWebSocketAsync("**/hubs/operations", socket =>
        {
            if (!blockade.Holds("signalr"))
            {
                socket.ConnectToServer();
            }
        });
        await context.RouteAsync(url => new Uri(url).AbsolutePath.StartsWith("/operations", StringComparison.Ordinal), async route =>
        {
            if (!blockade.Holds(TransportOf(route.Request)))
            {
                await route.ContinueAsync();
            }
        });
        return blockade;
    }

    public void Lift() => _blocked = [];

    private bool Holds(string transport) => _blocked.Contains(transport, StringComparer.Ordinal);

    private static string TransportOf(IRequest request) => request.Headers switch
    {
        var headers when headers.GetValueOrDefault("accept") == "text/event-stream" => "sse",
        var headers when headers.ContainsKey("prefer") => "longpoll",
        _ => "poll",
    };
}
