using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace RealtimeOps.Hosting.Security;

/// <summary>What every answer tells browsers: it is what its media type says, no page of ours, and no address is passed on from here.</summary>
internal static class SecurityHeaders
{
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues NoPage = "default-src 'none'; frame-ancestors 'none'";
    private static readonly StringValues NoReferrer = "no-referrer";

    /// <summary>The dashboard is made of pages with scripts and styles; they may be framed by nobody either.</summary>
    private static readonly StringValues NoFrame = "frame-ancestors 'none'";

    private static readonly PathString Dashboard = "/hangfire";

    public static void Set(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.XContentTypeOptions = NoSniff;
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments(Dashboard, StringComparison.OrdinalIgnoreCase) ? NoFrame : NoPage;
        headers["Referrer-Policy"] = NoReferrer;
    }
}
