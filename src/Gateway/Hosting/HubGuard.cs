using Microsoft.AspNetCore.Http;

namespace RealtimeOps.Hosting;

/// <summary>
/// Lets nobody into the hub once the server shuts down: SignalR has closed its connections by then, and would keep a new one, and with it the process,
/// until the shut-down's last second.
/// </summary>
internal sealed class HubGuard(RequestDelegate next, IHostApplicationLifetime lifetime)
{
    /// <exception cref="ProblemException">The request may not go on.</exception>
    public Task InvokeAsync(HttpContext context) =>
        lifetime.ApplicationStopping.IsCancellationRequested ? throw new ProblemException(Problems.ShuttingDown) : next(context);
}
