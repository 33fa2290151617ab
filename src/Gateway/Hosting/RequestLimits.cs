using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace RealtimeOps.Hosting;

/// <summary>Refuses requests whose line or headers are too long, and says so.</summary>
internal sealed class RequestLimits(IOptions<RealtimeOpsOptions> options)
{
    /// <summary>Blanks and version of a request line.</summary>
    private const int RestOfLine = 10;

    /// <summary>Colon, blank and line end of a header.</summary>
    private const int RestOfHeader = 4;

    private readonly LimitOptions _limits = options.Value.Limits;

    /// <summary>Null lets the request pass.</summary>
    public Problem? Judge(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (context.Request.Method.Length + target.Length + RestOfLine > _limits.RequestLine)
        {
            return new Problem(414, "uri-too-long", "URI too long", string.Create(CultureInfo.InvariantCulture, $"The request line is longer than {_limits.RequestLine} bytes (Limits:RequestLine). Shorten the path or the query."));
        }

        int length = 0;
        foreach ((string name, StringValues values) in context.Request.Headers)
        {
            foreach (string? value in values)
            {
                length += name.Length + (value?.Length ?? 0) + RestOfHeader;
            }
        }

        return length <= _limits.Headers
            ? null
            : new Problem(431, "headers-too-large", "Headers too large", string.Create(CultureInfo.InvariantCulture, $"The headers are longer than {_limits.Headers} bytes (Limits:Headers). Send fewer or shorter ones, such as cookies."));
    }
}
