using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace RealtimeOps.Hosting;

/// <summary>
/// Lets nobody into the hub once the server shuts down: SignalR has closed its connections by then, and would keep a new one, and with it the process,
/// until the shut-down's last second. And what SignalR refuses with a line of plain text becomes a problem, as everywhere else.
/// </summary>
internal sealed class HubGuard(RequestDelegate next, IHostApplicationLifetime lifetime)
{
    private static readonly Problem NoConnection = new(404, "not-found", "Not found", "The hub has no connection with this id, or it has ended. Connect anew.");

    private static readonly Problem NoConnectionId = Problems.BadRequest("Begin a connection with POST …/negotiate or a WebSocket, and say its id in every request after that.");

    /// <exception cref="ProblemException">The request may not go on, or SignalR has refused it.</exception>
    public async Task InvokeAsync(HttpContext context)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new ProblemException(Problems.ShuttingDown);
        }

        IHttpResponseBodyFeature body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Features.Set<IHttpResponseBodyFeature>(new BodyUnlessRefused(context.Response, body));
        try
        {
            await next(context);
        }
        finally
        {
            context.Features.Set(body);
        }

        if (context.Response is { HasStarted: false, StatusCode: >= 400 and var status })
        {
            throw new ProblemException(status switch
            {
                400 => NoConnectionId,
                404 => NoConnection,
                _ => Problems.ForStatus(status),
            });
        }
    }

    /// <summary>Takes no body of a refusal, so that the answer does not begin with it.</summary>
    private sealed class BodyUnlessRefused(HttpResponse response, IHttpResponseBodyFeature body) : IHttpResponseBodyFeature
    {
        private PipeWriter? _nowhere;

        public Stream Stream => IsRefused ? System.IO.Stream.Null : body.Stream;

        public PipeWriter Writer => IsRefused ? _nowhere ??= PipeWriter.Create(System.IO.Stream.Null) : body.Writer;

        private bool IsRefused => response.StatusCode >= 400;

        public void DisableBuffering() => body.DisableBuffering();

        public Task StartAsync(CancellationToken cancellationToken = default) => IsRefused ? Task.CompletedTask : body.StartAsync(cancellationToken);

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => body.SendFileAsync(path, offset, count, cancellationToken);

        public Task CompleteAsync() => IsRefused ? Task.CompletedTask : body.CompleteAsync();
    }
}
