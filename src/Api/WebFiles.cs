using Microsoft.Extensions.FileProviders;

namespace RealtimeOps.Api;

/// <summary>The browser side, as the build has put it beside the program. It is public code, which pages of any origin may load.</summary>
internal static class WebFiles
{
    private const string NotBuilt = "The browser side was not built with this server. Build the server again where Node.js is installed, without SkipWeb=true.";

    /// <summary>What pages name.</summary>
    private static readonly string[] Modules = ["/operation-progress.js", "/realtimeops-client.js"];

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "wwwroot");

    public static void UseWebFiles(this WebApplication app)
    {
        if (Directory.Exists(Folder))
        {
            app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(Folder), OnPrepareResponse = file => Describe(file.Context) });
        }
        else
        {
            foreach (string module in Modules)
            {
                app.MapGet(module, () => Results.Problem(NotBuilt, statusCode: StatusCodes.Status404NotFound));
            }
        }
    }

    /// <summary>A name with a hash never stands for anything else; the others are asked for each time, and mostly answered 304.</summary>
    private static void Describe(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.CacheControl = context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        headers.AccessControlAllowOrigin = "*";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.XContentTypeOptions = "nosniff";
    }
}
