using Microsoft.Extensions.FileProviders;

namespace RealtimeOps.Api;

/// <summary>
/// The browser side, as the build has put it beside the program: the web UI, and modules that pages of any origin may load. The UI finds out by itself
/// which of its pages an address means.
/// </summary>
internal static class WebFiles
{
    private const string NotBuilt = "The browser side was not built with this server. Build the server again where Node.js is installed, without SkipWeb=true.";

    private const string Page = "index.html";

    /// <summary>Nothing but what this server hands out, nothing inline, and in nobody's frame. Results that are pictures are shown from memory.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Where the UI is. An id may look like a file's name, so none is taken for one.</summary>
    private static readonly string[] Pages = ["/", "/ui/{**page}"];

    /// <summary>What other pages name.</summary>
    private static readonly string[] Modules = ["/operation-progress.js", "/realtimeops-client.js"];

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "wwwroot");

    public static void UseWebFiles(this WebApplication app)
    {
        if (Directory.Exists(Folder))
        {
            var files = new StaticFileOptions { FileProvider = new PhysicalFileProvider(Folder), OnPrepareResponse = file => Describe(file.Context) };
            app.UseStaticFiles(files);
            foreach (string page in Pages)
            {
                app.MapFallbackToFile(page, Page, files);
            }
        }
        else
        {
            foreach (string path in Pages.Concat(Modules))
            {
                app.MapGet(path, () => Results.Problem(NotBuilt, statusCode: StatusCodes.Status404NotFound));
            }
        }
    }

    /// <summary>A name with a hash never stands for anything else; the others are asked for each time, and mostly answered 304.</summary>
    private static void Describe(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.CacheControl = context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        if (context.Request.Path.Value!.EndsWith(Page, StringComparison.Ordinal))
        {
            headers.ContentSecurityPolicy = Policy;
        }
        else
        {
            headers.AccessControlAllowOrigin = "*";
            headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        }
    }
}
