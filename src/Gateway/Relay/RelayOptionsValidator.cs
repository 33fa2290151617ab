using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using RealtimeOps.Execution;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.Relay;

/// <summary>Names every fault of the relay's settings at once.</summary>
internal sealed partial class RelayOptionsValidator(IEnumerable<OperationRegistration> registered, IOptionsMonitor<OperationTypeOptions> rules) : IValidateOptions<RealtimeOpsOptions>
{
    /// <summary>The gateway's own first segments, in use or promised.</summary>
    private static readonly string[] Reserved =
        ["operations", "operation-types", "subscriptions", "deliveries", "mailboxes", "session", "hubs", "health", "hangfire", "openapi", "docs", "assets", "index.html", "operation-progress.js", "realtimeops-client.js"];

    public ValidateOptionsResult Validate(string? name, RealtimeOpsOptions options)
    {
        IList<RelayRouteOptions> routes = options.Relay.Routes;
        var faults = new List<string>();
        foreach ((int index, RelayRouteOptions route) in routes.Index())
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"Relay:Routes:{index}:");
            faults.AddRange(Faults(route).Select(fault => place + fault));
        }

        if (options.Relay.ReportUrl is { } url && url is not { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" })
        {
            faults.Add($"Relay:ReportUrl must be an absolute http or https address without user, query and fragment, but is '{url}'.");
        }

        if (routes.Count > 0 && options.Security.HasCredentials && options.Relay.ReportUrl is null && options.PublicUrl is null)
        {
            faults.Add("Relay:Routes needs PublicUrl or Relay:ReportUrl: which address services report to, with the token to do so, is not for the client's Host header to say.");
        }

        faults.AddRange(Doubles(routes.Select(route => route.Path).OfType<string>().Where(IsPath).Select(RelayRoute.PrefixOf), "Path"));
        faults.AddRange(Doubles(routes.Select(TypeOf).OfType<string>().Concat(registered.Select(type => type.Name)), "Type"));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> Faults(RelayRouteOptions route)
    {
        if (!IsPath(route.Path))
        {
            yield return $"Path is '{route.Path}', which is not a path such as /reports or /reports/**.";
        }
        else if (Reserved.Contains(route.Path.Split('/')[1], StringComparer.OrdinalIgnoreCase))
        {
            yield return $"Path is '{route.Path}', which is the gateway's own.";
        }

        if (route.Target is not { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" })
        {
            yield return $"Target must be an absolute http or https address without user, query and fragment, but is '{route.Target}'.";
        }

        foreach (string fault in TypeOf(route) is { } type ? TypeFaults(type) : [])
        {
            yield return fault;
        }

        if (route.Get is not ("pass" or "refuse"))
        {
            yield return $"Get is '{route.Get}', which is neither 'pass' nor 'refuse'.";
        }

        foreach (string header in route.Headers.Where(header => !HeaderPattern().IsMatch(header) || RelayHeaders.IsNeverPassed(header)))
        {
            yield return $"Headers holds '{header}', which cannot be passed on.";
        }

        foreach (string origin in route.Origins.Where(origin => !IsOrigin(origin)))
        {
            yield return $"Origins holds '{origin}', which is not an origin such as https://files.example.com.";
        }

        if (route.Silence <= TimeSpan.Zero || route.Silence > TimeSpan.FromDays(24))
        {
            yield return $"Silence must be above zero and at most 24 days, but is {route.Silence:c}.";
        }
    }

    private IEnumerable<string> TypeFaults(string type)
    {
        if (!OperationKey.IsType(type))
        {
            return [$"Type is '{type}', which is not a type name: a lower-case letter, then up to 63 lower-case letters, digits, '.' or '-'."];
        }

        try
        {
            rules.Get(type);
            return [];
        }
        catch (OptionsValidationException fault)
        {
            // Those of registered types are told by themselves.
            return registered.Any(known => known.Name == type) ? [] : fault.Failures;
        }
    }

    private static IEnumerable<string> Doubles(IEnumerable<string> names, string what) =>
        names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1).Select(same => $"Relay:Routes: the {what} '{same.Key}' is there twice.");

    private static bool IsPath([NotNullWhen(true)] string? path) => path is not null && PathPattern().IsMatch(path) && !path.Split('/').Any(segment => segment is "." or "..");

    /// <summary>Null when it would come from a path that is none: that is one fault, not two.</summary>
    private static string? TypeOf(RelayRouteOptions route) => route.Type ?? (IsPath(route.Path) ? RelayRoute.TypeOf(route.Path) : null);

    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.Scheme is ("http" or "https") && string.Equals(RelayRoute.OriginOf(uri), origin, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\A(/[A-Za-z0-9._~-]+)+(/\*\*)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PathPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9!#$%&'*+.^_`|~-]+\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HeaderPattern();
}
