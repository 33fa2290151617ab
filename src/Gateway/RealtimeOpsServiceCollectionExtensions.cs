using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RealtimeOps.Execution;
using RealtimeOps.Feed;
using RealtimeOps.Hosting;
using RealtimeOps.Hosting.Security;
using RealtimeOps.Hosting.Settings;
using RealtimeOps.Operations;
using RealtimeOps.Relay;
using RealtimeOps.Storage;
using RealtimeOps.Storage.Postgres;
using RealtimeOps.Storage.Shared;
using RealtimeOps.Storage.Sql;
using RealtimeOps.Storage.Sqlite;
using RealtimeOps.Watch;
using RealtimeOps.Watch.Callbacks;
using RealtimeOps.Watch.Description;
using RealtimeOps.Webhooks;

namespace RealtimeOps;

/// <summary>Puts the gateway into a program.</summary>
public static class RealtimeOpsServiceCollectionExtensions
{
    /// <summary>Adds the gateway's services. Settings come from the program's configuration; add operation types with the returned builder.</summary>
    /// <param name="services">The program's services.</param>
    public static RealtimeOpsBuilder AddRealtimeOps(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => provider.GetRequiredService<StorageChoice>().HasClock ? provider.GetRequiredService<StorageProvider>().Time : TimeProvider.System);
        services.AddHosting().AddStorage().AddFeed().AddWebhooks().AddExecution().AddWatch().AddRelay();
        return new RealtimeOpsBuilder(services);
    }

    private static IServiceCollection AddHosting(this IServiceCollection services)
    {
        services.AddOptions<RealtimeOpsOptions>().BindSettings("").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<RealtimeOpsOptions>, RealtimeOpsOptionsValidator>();
        services.AddSingleton<IValidateOptions<RealtimeOpsOptions>, SecurityOptionsValidator>();
        services.AddSingleton<Credentials>();
        services.AddSingleton<CredentialWatch>();
        services.AddSingleton<TokenSigner>();
        services.AddSingleton<SignedLinks>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<Gate>();
        services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>, QueryStringFilter>();
        services.AddSingleton<IStartupFilter, GatewayPipeline>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, LoopbackGuard>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelLimits>();
        services.AddSingleton<RequestLimits>();
        services.TryAddSingleton<IMemoryReading, ProcessMemory>();
        services.AddSingleton<MemoryGuard>();
        services.AddHealthChecks().AddCheck<MemoryHealthCheck>("memory", tags: ["ready"]);
        services.AddSingleton<IConfigureOptions<SocketTransportOptions>, ShortSendQueue>();
        services.AddCors();
        // A refused host name is told nothing but the code.
        services.Configure<HostFilteringOptions>(filtering => filtering.IncludeFailureMessage = false);
        return services;
    }

    private static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddSingleton(new StorageRegistration("sqlite", provider => new SqliteStorage(
            Path.Combine(provider.GetRequiredService<IHostEnvironment>().ContentRootPath, provider.GetRequiredService<IOptions<RealtimeOpsOptions>>().Value.Data.Path),
            provider.GetRequiredService<ILoggerFactory>())));
        services.AddSingleton(new StorageRegistration("postgres", provider => new SharedStorage(
            new PostgresDatabase(provider.GetRequiredService<IConfiguration>().GetConnectionString(StorageChoice.ConnectionName)!, TimeProvider.System), TimeProvider.System, provider.GetRequiredService<ILoggerFactory>())));
        services.AddSingleton<StorageChoice>();
        services.AddSingleton<IValidateOptions<RealtimeOpsOptions>>(provider => provider.GetRequiredService<StorageChoice>());
        services.AddSingleton(provider => provider.GetRequiredService<StorageChoice>().Choose(provider.GetRequiredService<IOptions<RealtimeOpsOptions>>().Value).Resolve(provider));
        services.AddSingleton<StoreMetrics>();
        services.AddSingleton(provider => new WriteBatcher<SqlSession>(
            provider.GetRequiredService<StorageProvider>(), provider.GetRequiredService<StoreMetrics>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<WriteBatcher<SqlSession>>>()));
        services.AddSingleton<IPayloadStore>(provider => provider.GetRequiredService<StorageProvider>().Payloads);
        services.AddSingleton(provider => provider.GetRequiredService<StorageProvider>().Secrets);
        services.AddSingleton<IOperationStore, OperationStore>();
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<IDeliveryStore>(provider => provider.GetRequiredService<DeliveryStore>());
        services.AddSingleton<SubscriptionStore>();
        services.AddSingleton<ISubscriptionStore>(provider => provider.GetRequiredService<SubscriptionStore>());
        services.AddSingleton<IMailboxStore, MailboxStore>();
        services.AddHostedService<StoreStarter>();
        services.AddHostedService<WriterPulse>();
        services.AddHostedService<SharedStoreCare>();
        services.AddSingleton<StoreHealthCheck>();
        services.AddHealthChecks().AddCheck<StoreHealthCheck>("store", tags: ["ready"]).AddCheck<DiskHealthCheck>("disk", tags: ["ready"]);
        return services;
    }

    /// <summary>Before all that changes operations in order, so that the other nodes are told of the last changes too.</summary>
    private static IServiceCollection AddFeed(this IServiceCollection services)
    {
        services.AddSingleton<ChangeLog>();
        services.AddSingleton(provider =>
        {
            StorageProvider storage = provider.GetRequiredService<StorageProvider>();
            return new FeedLink(storage.Dialect.IsShared, storage.Backplane);
        });
        services.AddSingleton(provider => new SampledFigures<IReadOnlyList<UnfinishedOperations>>(provider.GetRequiredService<IOperationStore>().CountUnfinishedAsync, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<OperationMetrics>();
        services.AddSingleton<OperationJournal>();
        services.AddSingleton<OperationFeed>();
        services.AddSingleton(provider => new QueuedOperations(CallerLimits.Of(provider.GetRequiredService<IOptions<RealtimeOpsOptions>>().Value).Queued));
        services.AddHostedService<QueueCounter>();
        services.AddHostedService<FeedPublisher>();
        services.AddHostedService<FeedReceiver>();
        services.AddHealthChecks().AddCheck<BackplaneHealthCheck>("backplane", tags: ["ready"]);
        return services;
    }

    /// <summary>Before the engine in order, so that it stops after it: the last ends are still seen.</summary>
    private static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<RealtimeOpsOptions>, WebhookOptionsValidator>();
        services.AddSingleton<DeliverySignal>();
        services.AddSingleton<MailboxSignal>();
        services.AddSingleton<TargetRules>();
        services.TryAddSingleton<IHostResolver, SystemResolver>();
        services.AddSingleton<TargetConnector>();
        services.AddSingleton<GatewaySecret>();
        services.AddSingleton<MessageSigner>();
        services.AddSingleton<MessageSender>();
        services.AddSingleton<DeliveryMetrics>();
        services.AddSingleton<DeliveryCourier>();
        services.AddHostedService<DeliverySweeper>();
        services.AddHostedService<DeliverySender>();
        services.AddHostedService<ChangeReporter>();
        services.AddHealthChecks().AddCheck<DeadDeliveriesCheck>("webhooks", tags: ["ready"]);
        return services;
    }

    /// <summary>Hosted services stop in the opposite order: the engine first, while the pulse still renews leases.</summary>
    private static IServiceCollection AddExecution(this IServiceCollection services)
    {
        services.AddOptions<ExecutionOptions>().BindSettings("Execution").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<ExecutionOptions>>(provider => new OperationSettingsValidator(
            [.. provider.GetServices<OperationRegistration>().Select(registration => registration.Name), .. RelayRoutes.TypesIn(provider.GetRequiredService<IConfiguration>())],
            provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<IPostConfigureOptions<OperationTypeOptions>, OperationTypeRules>();
        services.AddSingleton<IValidateOptions<OperationTypeOptions>, OperationTypeOptionsValidator>();
        services.AddSingleton(provider => new OperationTypes(Registrations(provider)
            .Select(registration => registration.ToType(provider.GetRequiredService<IOptionsMonitor<OperationTypeOptions>>()))));
        services.AddSingleton(provider => new OperationInvokers(Registrations(provider)));
        services.AddSingleton<RunningAttempts>();
        services.AddSingleton<AttemptRecorder>();
        services.AddSingleton<AttemptPulse>();
        services.AddSingleton<OperationRunner>();
        services.AddSingleton<InProcessEngine>();
        services.AddSingleton(new EngineRegistration("inprocess", provider => provider.GetRequiredService<InProcessEngine>()));
        services.AddSingleton<EngineChoice>();
        services.AddSingleton<IValidateOptions<RealtimeOpsOptions>>(provider => provider.GetRequiredService<EngineChoice>());
        services.AddSingleton(provider => provider.GetRequiredService<EngineChoice>().Choose(provider.GetRequiredService<IOptions<RealtimeOpsOptions>>().Value).Resolve(provider));
        services.AddHostedService(provider => provider.GetRequiredService<AttemptPulse>());
        services.AddHostedService<RetentionSweeper>();
        services.AddSingleton<StalledOperationSweeper>();
        services.AddHostedService(provider => provider.GetRequiredService<StalledOperationSweeper>());
        services.AddSingleton(provider => (IHostedService)provider.GetRequiredService<IExecutionEngine>());
        services.AddHealthChecks().AddCheck<EngineHealthCheck>("engine", tags: ["ready"]).AddCheck<LagHealthCheck>("lag", tags: ["ready"]);
        return services;
    }

    private static IServiceCollection AddWatch(this IServiceCollection services)
    {
        services.AddSignalR().AddJsonProtocol(json => json.PayloadSerializerOptions.Converters.Add(new StatusConverter()));
        services.AddSingleton<FeedAnswer>();
        services.AddSingleton<BaseUri>();
        services.AddSingleton<PollPacer>();
        services.AddSingleton<WatchMetrics>();
        services.AddSingleton<SubmissionRate>();
        services.AddSingleton<StreamPlaces>();
        services.AddSingleton<Admission>();
        services.AddSingleton<OpenStreams>();
        services.AddSingleton<LongPoll>();
        services.AddSingleton<OperationLookup>();
        services.AddSingleton<StatusAnswer>();
        services.AddSingleton<StreamAnswer>();
        services.AddSingleton<DescriptionEndpoint>();
        services.AddSingleton<SubmissionReader>();
        services.AddSingleton<SubmissionComparer>();
        services.AddSingleton<SubmissionAnswer>();
        services.AddSingleton<SubmitEndpoint>();
        services.AddSingleton<StatusEndpoint>();
        services.AddSingleton<ResultEndpoint>();
        services.AddSingleton<ListEndpoint>();
        services.AddSingleton<Resubmission>();
        services.AddSingleton<LifetimeEndpoints>();
        services.AddSingleton<HistoryEndpoint>();
        services.AddSingleton<LinksEndpoint>();
        services.AddSingleton<SessionEndpoint>();
        services.AddSingleton<TypesEndpoint>();
        services.AddSingleton<SubscriptionReader>();
        services.AddSingleton<SubscriptionsEndpoint>();
        services.AddSingleton<DeliveriesEndpoint>();
        services.AddSingleton<MailboxesEndpoint>();
        services.AddSingleton<MailboxReader>();
        return services;
    }

    private static IServiceCollection AddRelay(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<RealtimeOpsOptions>, RelayOptionsValidator>();
        services.AddHttpClient(ServiceClient.Name, client => client.Timeout = Timeout.InfiniteTimeSpan).ConfigurePrimaryHttpMessageHandler(ServiceClient.Handler).RemoveAllLoggers();
        services.AddSingleton<RelayRoutes>();
        services.AddSingleton<ReportTokens>();
        services.AddSingleton<ServiceClient>();
        services.AddSingleton<MonitorFollower>();
        services.AddTransient<RelayHandler>();
        services.AddSingleton<RelayEndpoint>();
        services.AddSingleton<PassThrough>();
        services.AddSingleton<ReportEndpoint>();
        return services;
    }

    /// <summary>Those of the program and those of the configuration.</summary>
    private static IEnumerable<OperationRegistration> Registrations(IServiceProvider provider) =>
        [.. provider.GetServices<OperationRegistration>(), .. provider.GetRequiredService<RelayRoutes>().Registrations];
}
