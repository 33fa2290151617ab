using System.Security.Claims;

namespace RealtimeOps.Hosting.Security;

/// <summary>The caller in the framework's form, which SignalR keeps with a connection.</summary>
internal sealed class CallerPrincipal(Caller caller) : ClaimsPrincipal(
    new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, caller.Owner)], caller.Scopes is Scopes.None ? null : "RealtimeOps"))
{
    /// <summary>Nobody when something else has put a principal of its own in the place.</summary>
    public static Caller CallerOf(ClaimsPrincipal? principal) => (principal as CallerPrincipal)?.Caller ?? Caller.Nobody;

    private Caller Caller => caller;
}
