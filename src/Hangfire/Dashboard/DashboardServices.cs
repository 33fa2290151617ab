using Hangfire;

namespace RealtimeOps.Hangfire;

/// <summary>What the dashboard finds in a request's services. It asks there for what it changes jobs with; were these in the container, they would stand in the way of a program's own Hangfire.</summary>
internal sealed class DashboardServices(IServiceProvider services, IBackgroundJobClient client, IRecurringJobManager recurring) : IServiceProvider
{
    public object? GetService(Type serviceType) =>
        serviceType == typeof(IBackgroundJobClientFactory) || serviceType == typeof(IRecurringJobManagerFactory) ? null
        : serviceType == typeof(IBackgroundJobClient) ? client
        : serviceType == typeof(IRecurringJobManager) ? recurring
        : services.GetService(serviceType);
}
