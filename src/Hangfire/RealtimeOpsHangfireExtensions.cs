using Hangfire;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RealtimeOps.Execution;
using RealtimeOps.Hangfire.SqlServer;
using RealtimeOps.Hosting;
using RealtimeOps.Hosting.Security;
using RealtimeOps.Hosting.Settings;
using RealtimeOps.Operations;
using RealtimeOps.Storage;
using RealtimeOps.Storage.Shared;

namespace RealtimeOps.Hangfire;

/// <summary>Puts Hangfire into a program with the gateway.</summary>
public static class RealtimeOpsHangfireExtensions
{
    /// <summary>
    /// Lets Hangfire run the operations, unless the setting <c>Engine</c> names another engine. Hangfire needs no set-up of its own. SQL Server can keep the operations then:
    /// <c>Storage:Provider=sqlserver</c>.
    /// </summary>
    /// <param name="builder">What <c>AddRealtimeOps()</c> answered.</param>
    public static RealtimeOpsBuilder UseHangfire(this RealtimeOpsBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptions<Dictionary<string, RecurringOptions>>().BindSettings("Recurring").ValidateOnStart();
        services.AddSingleton<EngineStorage>();
        services.AddSingleton<OperationJobs>();
        services.AddSingleton<JobDirectory>();
        services.AddSingleton<JobWriter>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<OperatorChanger>();
        services.AddSingleton<JobServer>();
        services.AddSingleton<RecurringOperations>();
        services.AddSingleton<RecurringJob>();
        services.AddSingleton<OperationFigures>();
        services.AddSingleton<HangfireEngine>();
        services.AddSingleton(new EngineRegistration("hangfire", provider => provider.GetRequiredService<HangfireEngine>()));

        services.AddSingleton(new StorageRegistration("sqlserver", provider => new SharedStorage(
            new SqlServerDatabase(
                provider.GetRequiredService<IConfiguration>().GetConnectionString(StorageChoice.ConnectionName)!,
                provider.GetRequiredService<IOptions<RealtimeOpsOptions>>().Value.Storage.PollInterval,
                TimeProvider.System),
            TimeProvider.System,
            provider.GetRequiredService<ILoggerFactory>())));

        // With antiforgery in the container the dashboard demands its token for every command, also those of its buttons.
        services.AddAntiforgery();
        return builder;
    }

    /// <summary>Serves Hangfire's dashboard at <c>/hangfire</c>, to those whom <see cref="DashboardAccess"/> lets in.</summary>
    /// <param name="routes">The program's routes.</param>
    public static IEndpointRouteBuilder MapRealtimeOpsHangfire(this IEndpointRouteBuilder routes)
    {
        const string pattern = "/hangfire";
        if (routes.ServiceProvider.GetRequiredService<IExecutionEngine>() is not HangfireEngine)
        {
            routes.MapGet(pattern, () => Results.Text("The operations are run by another engine. Start the server with Engine=hangfire to have Hangfire's dashboard here."));
            return routes;
        }

        DashboardPages.AddOnce();
        DashboardAccess access = routes.ServiceProvider.GetRequiredService<IOptions<DashboardAccess>>().Value;
        var options = new DashboardOptions
        {
            Authorization = [new DashboardGuard(access)],
            IsReadOnlyFunc = context => !access.MayChange(context.GetHttpContext()),
            DashboardTitle = "RealtimeOps",
            DisplayStorageConnectionString = false,
        };
        var storage = routes.ServiceProvider.GetRequiredService<EngineStorage>();
        var client = new BackgroundJobClient(storage.Jobs, storage.Factory, routes.ServiceProvider.GetRequiredService<OperatorChanger>());
        var recurring = new RecurringJobManager(storage.Jobs, storage.Factory);
        RequestDelegate dashboard = routes.CreateApplicationBuilder()
            .Use((context, next) => SignInOr(next, access, context))
            .UsePathBase(pattern)
            .Use((context, next) =>
            {
                context.RequestServices = new DashboardServices(context.RequestServices, client, recurring);
                return next(context);
            })
            .UseMiddleware<AspNetCoreDashboardMiddleware>(storage.Jobs, options, DashboardRoutes.Routes, true)
            .Build();
        routes.Map(pattern + "/{**path}", dashboard).RequireScope(routes.ServiceProvider.GetRequiredService<Gate>(), AccessRules.Everybody);
        return routes;
    }

    /// <summary>A person who is not signed in is sent to where one signs in.</summary>
    private static Task SignInOr(RequestDelegate next, DashboardAccess access, HttpContext context)
    {
        var caller = Caller.Of(context);
        if (caller == Caller.Nobody && context.Request.GetTypedHeaders().Accept.Any(type => type.MediaType == "text/html") && !access.MaySee(context))
        {
            context.Response.Redirect(context.Request.PathBase + "/");
            return Task.CompletedTask;
        }

        if (caller.Credential is not null)
        {
            // Hangfire answers 403 to those whom the framework knows, and 401 to the others.
            context.User = new CallerPrincipal(caller);
        }

        return next(context);
    }
}
