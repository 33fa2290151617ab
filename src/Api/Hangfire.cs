#if USE_HANGFIRE
using RealtimeOps.Hangfire;
#endif

namespace RealtimeOps.Api;

/// <summary>Hangfire, where it is compiled in; else a page in its place says how to get it.</summary>
internal static class Hangfire
{
#if USE_HANGFIRE
    public static RealtimeOpsBuilder AddHangfireEngine(this RealtimeOpsBuilder builder) => builder.UseHangfire();

    public static void MapHangfire(this WebApplication app) => app.MapRealtimeOpsHangfire();
#else
    private const string Page = """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><title>Hangfire is not part of this server</title></head>
        <body style="font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem">
        <h1>Hangfire is not part of this server</h1>
        <p>The operations are run by the in-process engine. To run them with Hangfire, and to have its dashboard here, build the server with it:</p>
        <pre>dotnet run --project src/Api -p:UseHangfire=true</pre>
        <p>The public NuGet packages Hangfire.AspNetCore and Hangfire.InMemory are needed for that.</p>
        </body>
        </html>
        """;

    public static RealtimeOpsBuilder AddHangfireEngine(this RealtimeOpsBuilder builder) => builder;

    public static void MapHangfire(this WebApplication app) => app.MapGet("/hangfire", () => Results.Content(Page, "text/html; charset=utf-8"));
#endif
}
