using System.Net;
using Microsoft.AspNetCore.Http;

namespace RealtimeOps.Hosting;

/// <summary>Who asks. Operations belong to the <see cref="Name"/>; rates count by the <see cref="PacingKey"/>.</summary>
/// <param name="Name">The caller; <c>anonymous</c> for everybody while no credentials are configured.</param>
/// <param name="PacingKey">What separates callers for rates and pacing: for anonymous ones, the address.</param>
internal readonly record struct Caller(string Name, object PacingKey)
{
    public const string Anonymous = "anonymous";

    public static Caller Of(HttpContext context) => new(Anonymous, context.Connection.RemoteIpAddress ?? IPAddress.None);
}
