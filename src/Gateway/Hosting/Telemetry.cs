using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace RealtimeOps.Hosting;

/// <summary>
/// The gateway's spans, and what they have in common with its meter. Nothing but System.Diagnostics: whoever wants to see them listens to the name, and
/// while nobody does they cost nothing.
/// </summary>
internal static class Telemetry
{
    /// <summary>Of the source of spans, and of the meter.</summary>
    public const string Name = "RealtimeOps";

    public static readonly string Version = typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static readonly ActivitySource Source = new(Name, Version);

    /// <summary>The present span, to be kept with what it submits, where anybody may look for it: it is recorded, came from elsewhere, or goes on to a receiver.</summary>
    public static string? Keep(bool isPassedOn) =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } present && (isPassedOn || present.Recorded || present.HasRemoteParent) ? present.Id : null;

    /// <summary>
    /// Starts a span of work that was asked for earlier: under the span that was kept with it, else as the beginning of a trace, and never under what happens to be
    /// current here, which is that of some other request. Null while nobody listens.
    /// </summary>
    public static Activity? Start(string name, ActivityKind kind, string? kept, IEnumerable<ActivityLink>? links = null)
    {
        Activity.Current = null;
        return Source.HasListeners() ? Source.StartActivity(name, kind, ContextOf(kept), tags: null, links) : null;
    }

    /// <summary>Nothing where there is none.</summary>
    public static ActivityContext ContextOf(string? kept) => ActivityContext.TryParse(kept, traceState: null, isRemote: true, out ActivityContext context) ? context : default;

    /// <summary>Under which a request is found in traces and in the log.</summary>
    public static string TraceId(HttpContext context) => Activity.Current is { IdFormat: ActivityIdFormat.W3C } present ? present.TraceId.ToHexString() : context.TraceIdentifier;
}
