using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RealtimeOps.Api;
using RealtimeOps.Api.CsvProfile;
using RealtimeOps.Api.DemoSteps;
using RealtimeOps.Execution;
using Shouldly;

namespace RealtimeOps.TestSupport.InProcess;

/// <summary>A gateway on a real port of this machine, with a data folder of its own. An error in its log that was not expected fails the test.</summary>
public sealed class GatewayServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Nobody else takes it between a stop and the next start; where that cannot be had, the first start chooses one.</summary>
    private readonly HeldPort? _port = OperatingSystem.IsLinux() ? new HeldPort() : null;

    private readonly LogLevel _logFrom;
    private readonly CapturedLog _log;
    private readonly HashSet<int> _expected = [];
    private readonly ChangingSettings _settings;
    private IReadOnlyDictionary<string, string?> _store = new Dictionary<string, string?>();
    private readonly Script _script;
    private readonly TimeProvider? _time;
    private readonly Action<IServiceCollection>? _services;
    private readonly Action<IServiceCollection>? _replacements;
    private string _address;
    private WebApplication? _app;
    private GatewayClient? _client;

    private GatewayServer(Dictionary<string, string?> settings, Script script, TimeProvider? time, Action<IServiceCollection>? services, Action<IServiceCollection>? replacements, LogLevel logFrom) =>
        (_settings, _script, _time, _services, _replacements, _logFrom, _log, _address) =
            (new ChangingSettings(settings), script, time, services, replacements, logFrom, new CapturedLog(logFrom), $"http://127.0.0.1:{_port?.Number ?? 0}");

    public GatewayClient Client => _client ?? throw new InvalidOperationException("The server is stopped.");

    public IServiceProvider Services => _app?.Services ?? throw new InvalidOperationException("The server is stopped.");

    /// <summary>Of a shared store; null of the embedded one.</summary>
    public string? ConnectionString => _store.GetValueOrDefault("ConnectionStrings:RealtimeOps");

    public string DataPath => _folder.Combine("data");

    /// <summary>Starts one with the built-in operation types, and with <c>test.script</c> that does what <paramref name="script"/> says. What <paramref name="services"/> adds comes before the gateway's own, what <paramref name="replacements"/> adds behind it.</summary>
    public static async Task<GatewayServer> StartAsync(
        Dictionary<string, string?>? settings = null, Script? script = null, TimeProvider? time = null, Action<IServiceCollection>? services = null, Action<IServiceCollection>? replacements = null,
        LogLevel logFrom = LogLevel.Information)
    {
        settings ??= [];
        var server = new GatewayServer(settings, script ?? ((_, _, _) => Task.FromResult(OperationResult.None)), time, services, replacements, logFrom);
        try
        {
            server._store = settings.ContainsKey("Storage:Provider") ? settings : await TestStore.NewAsync(TestStore.Default);

            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Speaks as who has the key; null for nobody.</summary>
    public GatewayClient ClientWith(string? key) => new(Client.Address, key);

    /// <summary>Replaces all settings while the server runs.</summary>
    public void Reconfigure(Dictionary<string, string?> settings) => _settings.Replace(settings);

    /// <summary>Errors with these event ids belong to the test.</summary>
    public void ExpectErrors(params ReadOnlySpan<int> eventIds)
    {
        foreach (int id in eventIds)
        {
            _expected.Add(id);
        }
    }

    /// <summary>Stops, and starts on the same folder and port.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAgainAsync();
    }

    /// <summary>Starts a stopped server on the same folder and port.</summary>
    public Task StartAgainAsync() => StartAsync(_address);

    public async Task StopAsync()
    {
        _client?.Dispose();
        _client = null;
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync().Limited();
            await app.DisposeAsync().AsTask().Limited();
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        finally
        {
            _port?.Dispose();
            _folder.Dispose();
        }

        ShouldHaveLoggedNoError();
    }

    /// <summary>What was logged since the last look, errors and all.</summary>
    public IReadOnlyList<string> TakeLog() => [.. _log.Take().Select(entry => entry.Text)];

    /// <summary>Of what was logged since the last look.</summary>
    public void ShouldHaveLoggedNoError()
    {
        string[] unexpected = [.. _log.Take().Where(entry => entry.Level >= LogLevel.Error && !_expected.Contains(entry.Id)).Select(entry => entry.Text)];
        unexpected.ShouldBeEmpty();
    }

    private async Task StartAsync(string address)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder.Path, EnvironmentName = Environments.Production });
        builder.Configuration.AddInMemoryCollection(_store);
        ((IConfigurationBuilder)builder.Configuration).Add(_settings);
        builder.Logging.ClearProviders().SetMinimumLevel(_logFrom).AddProvider(_log);
        if (_logFrom >= LogLevel.Information)
        {
            // As in the server's appsettings.json: refusals are no errors, and the hub logs its own.
            builder.Logging.AddFilter("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.None);
        }

        builder.WebHost.UseUrls(address);
        builder.Services.AddSingleton(_script);
        if (_time is not null)
        {
            builder.Services.AddSingleton(_time);
        }

        _services?.Invoke(builder.Services);
        builder.Services.AddProblemDetails(RealtimeOps.Api.Problems.Describe);
        builder.Services.AddRealtimeOps()
            .AddHangfireEngine()
            .AddOperation<CsvProfileHandler>(CsvProfileHandler.Type, CsvProfileHandler.Description, mediaTypes: CsvProfileHandler.MediaType)
            .AddOperation<DemoStepsHandler>(DemoStepsHandler.Type, DemoStepsHandler.Description)
            .AddOperation<ScriptHandler>(ScriptHandler.Type, "Does what the test says.");
        _replacements?.Invoke(builder.Services);
        _app = builder.Build();
        _app.UseWhen(RealtimeOps.Api.Problems.IsNotTheGateways, others => others.UseStatusCodePages(RealtimeOps.Api.Problems.AnswerAsync));
        _app.MapRealtimeOps();
        _app.MapHangfire();
        await _app.StartAsync().Limited();
        _address = _app.Urls.Single();
        _client = new GatewayClient(new Uri(_address));
    }
}
