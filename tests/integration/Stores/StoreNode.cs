using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RealtimeOps.Operations;
using RealtimeOps.Storage;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using RealtimeOps.Webhooks;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Stores;

/// <summary>The store of one server, without the server.</summary>
internal sealed class StoreNode : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _app;

    private StoreNode(Dictionary<string, string?> settings, Action<IServiceCollection>? services)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder.Path });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        services?.Invoke(builder.Services);
        builder.Services.AddRealtimeOps();
        _app = builder.Build();
    }

    public IOperationStore Operations => Get<IOperationStore>();

    public IPayloadStore Payloads => Get<IPayloadStore>();

    public IDeliveryStore Deliveries => Get<IDeliveryStore>();

    public ISubscriptionStore Subscriptions => Get<ISubscriptionStore>();

    public IMailboxStore Mailboxes => Get<IMailboxStore>();

    public StorageProvider Storage => Get<StorageProvider>();

    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(Get<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>As many as are asked for, on one empty store. The embedded one can have only one server: there they are the same.</summary>
    public static async Task<StoreNode[]> StartAsync(string provider, int count = 2)
    {
        Dictionary<string, string?> settings = await TestStore.NewAsync(provider);
        var nodes = new StoreNode[count];
        for (int i = 0; i < count; i++)
        {
            nodes[i] = i > 0 && provider == TestStore.Sqlite ? nodes[0] : await StartAsync(settings);
        }

        return nodes;
    }

    public static async Task<StoreNode> StartAsync(Dictionary<string, string?> settings, Action<IServiceCollection>? services = null)
    {
        var node = new StoreNode(settings, services);
        await ActivatorUtilities.CreateInstance<StoreStarter>(node._app.Services).StartAsync(TestContext.Current.CancellationToken).Limited();
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    public Operation Make(string id, string owner = "a", string type = "t", string? key = null, string? webhook = null, params (string Name, string Value)[] tags) => new()
    {
        Key = new OperationKey(type, id),
        Owner = owner,
        BaseUri = "http://localhost",
        CreatedAt = Now,
        UpdatedAt = Now,
        DueAt = Now,
        Retention = TimeSpan.FromHours(1),
        IdempotencyKey = key,
        Webhook = webhook,
        Tags = tags.ToDictionary(tag => tag.Name, tag => tag.Value),
    };

    public async Task<AcceptResult> AcceptAsync(Operation operation, byte[]? input = null) =>
        await Operations.AcceptAsync(operation, await Payloads.StageAsync("text/plain", input ?? [1, 2, 3])).AsTask().Limited();

    /// <summary>Accepts it and runs it to its end.</summary>
    public async Task<Operation> RunAsync(Operation operation, byte[]? result = null)
    {
        Operation started = (await AcceptAsync(operation)).Operation.Start(Now, TimeSpan.FromSeconds(15))!;
        (await Operations.UpdateAsync(started, [new HistoryEvent(Now, HistoryEvent.Started, 1)])).ShouldBeTrue();
        Operation ended = started.Succeed(1, "Done.", result is not null, Now)!;
        (await Operations.UpdateAsync(ended, [], result is null ? null : await Payloads.StageAsync("text/plain", result))).ShouldBeTrue();
        return ended;
    }

    public async Task<byte[]> ReadAsync(Payload payload, long from = 0)
    {
        await using Stream stream = Payloads.Open(payload);
        stream.Seek(from, SeekOrigin.Begin);
        var copy = new MemoryStream();
        await stream.CopyToAsync(copy, TestContext.Current.CancellationToken).Limited();
        return copy.ToArray();
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();
}
