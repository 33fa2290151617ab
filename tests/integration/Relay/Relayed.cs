using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RealtimeOps.IntegrationTests.Security;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;

namespace RealtimeOps.IntegrationTests.Relay;

/// <summary>A gateway with one route, <c>/reports/**</c>, and the service behind it.</summary>
internal sealed class Relayed : IAsyncDisposable
{
    /// <summary>Where services report to when there are credentials.</summary>
    public const string ReportUrl = "http://gateway.example";

    private Relayed(SlowService service, GatewayServer server) => (Service, Server) = (service, server);

    public SlowService Service { get; }

    public GatewayServer Server { get; }

    public GatewayClient Client => Server.Client;

    public static async Task<Relayed> StartAsync(RequestDelegate answer, string basePath = "", TimeProvider? time = null, Keys? keys = null, params (string Name, string Value)[] settings)
    {
        SlowService service = await SlowService.StartAsync(answer);
        Dictionary<string, string?> all = (keys ?? new Keys()).Settings();
        all["Relay:Routes:0:Path"] = "/reports/**";
        all["Relay:Routes:0:Target"] = service.Address + basePath;
        all["Operations:reports:RetryDelays:0"] = "00:00:00.05";
        if (keys is not null)
        {
            all["Relay:ReportUrl"] = ReportUrl;
        }

        foreach ((string name, string value) in settings)
        {
            all[name] = value;
        }

        try
        {
            return new Relayed(service, await GatewayServer.StartAsync(all, time: time));
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a request through the gateway and answers the 202.</summary>
    public async Task<Answer> SubmitAsync(HttpMethod method, string path, string body = "{}", params (string Name, string Value)[] headers) =>
        (await Client.SendAsync(method, path, GatewayClient.Body(body, "application/json"), headers)).ShouldBe(202);

    /// <summary>Sends a request and waits for its final Status.</summary>
    public async Task<JsonElement> RunAsync(HttpMethod method, string path, string body = "{}", params (string Name, string Value)[] headers) =>
        await Client.WaitForEndAsync((await SubmitAsync(method, path, body, headers)).Uri);

    public Task<Answer> ResultAsync(JsonElement status) => Client.GetAsync(status.Text("uri") + "/result");

    /// <summary>Reports as the service that got <paramref name="request"/>.</summary>
    public Task<Answer> ReportAsync(ServiceRequest request, HttpMethod method, HttpContent? content, string? token = null) =>
        Client.SendAsync(method, new Uri(request.ReportUri).AbsolutePath, content, ("Authorization", "Bearer " + (token ?? request.ReportToken)));

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Service.DisposeAsync();
    }
}
