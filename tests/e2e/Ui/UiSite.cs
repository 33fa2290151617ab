using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;

namespace RealtimeOps.E2ETests.Ui;

/// <summary>What a test of the UI begins and ends with: a server of its own, on an empty folder, and a browser.</summary>
internal sealed class UiSite : IAsyncDisposable
{
    private readonly TemporaryFolder _data = new();
    private GatewayProcess? _server;
    private Chromium? _chromium;

    private UiSite()
    {
    }

    public GatewayClient Client => _server!.Client;

    public Chromium Chromium => _chromium!;

    /// <param name="settings">The server's, as on the command line.</param>
    public static async Task<UiSite> StartAsync(params string[] settings)
    {
        var site = new UiSite();
        try
        {
            site._server = await GatewayProcess.StartAsync(Repository.Server, site._data.Path, settings: settings);
            site._chromium = await UiPage.StartChromiumAsync();
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a path of the UI in a new tab.</summary>
    public Task<UiPage> OpenAsync(string path = "/") => UiPage.OpenAsync(Chromium, Client.Address, path);

    /// <summary>No page has reported an error, and the server stops in order.</summary>
    public async Task EndAsync()
    {
        Chromium.ShouldHaveReportedNoError();
        await _server!.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null)
        {
            await _chromium.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _data.Dispose();
    }
}
