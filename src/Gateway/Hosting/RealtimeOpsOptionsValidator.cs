using Microsoft.Extensions.Options;

namespace RealtimeOps.Hosting;

/// <summary>Checks what annotations cannot, and names every fault at once.</summary>
internal sealed class RealtimeOpsOptionsValidator : IValidateOptions<RealtimeOpsOptions>
{
    public ValidateOptionsResult Validate(string? name, RealtimeOpsOptions options)
    {
        var faults = new List<string>();
        if (options.PublicUrl is { } url && (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https") || url.Query.Length > 0 || url.Fragment.Length > 0))
        {
            faults.Add($"PublicUrl must be an absolute http or https address without query, but is '{url}'.");
        }

        faults.AddRange(options.Proxies.Trusted.Where(cidr => !System.Net.IPNetwork.TryParse(cidr, out _)).Select(cidr => $"Proxies:Trusted holds '{cidr}', which is not a CIDR such as 10.0.0.0/8."));
        faults.AddRange(options.Cors.Origins.Where(origin => !IsOrigin(origin)).Select(origin => $"Cors:Origins holds '{origin}', which is not an origin such as https://app.example.com."));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase);
}
