using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using RealtimeOps.Hosting.Security;

namespace RealtimeOps.Hosting;

/// <summary>Around every request to the gateway: failures become problems, and each request is one line in the log.</summary>
internal sealed class GatewayMiddleware(RequestDelegate next, RequestLimits limits, TimeProvider time, ILogger<GatewayMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        long start = time.GetTimestamp();
        SecurityHeaders.Set(context);
        try
        {
            if (limits.Judge(context) is { } refusal)
            {
                await refusal.WriteAsync(context);
            }
            else
            {
                await next(context);
            }

            if (context.Response.StatusCode >= 400 && !context.Response.HasStarted && (context.Response.ContentType is null || context.Response.StatusCode == StatusCodes.Status416RangeNotSatisfiable))
            {
                await Problems.ForStatus(context.Response.StatusCode).WriteAsync(context);
            }
        }
        catch (Exception failure)
        {
            await AnswerAsync(context, failure);
        }

        Log(context, start);
    }

    private async Task AnswerAsync(HttpContext context, Exception failure)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            HostingLog.ClientLeft(logger, context.Request.Method, context.Request.Path);
            return;
        }

        Problem problem = failure switch
        {
            ProblemException known => known.Problem,
            StoreUnavailableException { IsOutcomeUnknown: true } => Problems.OutcomeUnknown,
            StoreUnavailableException => Problems.StoreUnavailable,
            BadHttpRequestException bad => Problems.ForStatus(bad.StatusCode),
            _ => Problems.Unexpected,
        };
        if (ReferenceEquals(problem, Problems.Unexpected))
        {
            HostingLog.Failed(logger, failure, context.Request.Method, context.Request.Path, Telemetry.TraceId(context));
        }

        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        // What was counted is told whatever the answer.
        (StringValues policy, StringValues present) = (context.Response.Headers["RateLimit-Policy"], context.Response.Headers["RateLimit"]);
        context.Response.Clear();
        SecurityHeaders.Set(context);
        context.Response.Headers["RateLimit-Policy"] = policy;
        context.Response.Headers["RateLimit"] = present;
        await problem.WriteAsync(context);
    }

    private void Log(HttpContext context, long start)
    {
        if (!logger.IsEnabled(LogLevel.Debug))
        {
            return;
        }

        double elapsed = time.GetElapsedTime(start).TotalMilliseconds;
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        {
            HostingLog.Read(logger, context.Request.Method, context.Request.Path, context.Response.StatusCode, elapsed);
        }
        else
        {
            HostingLog.Changed(logger, context.Request.Method, context.Request.Path, context.Response.StatusCode, elapsed);
        }
    }
}
