using Microsoft.AspNetCore.Http;
using RealtimeOps.Hosting;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Watch.Callbacks;

/// <summary>Which messages a caller may deal with.</summary>
internal static class MessageAccesses
{
    public static MessageAccess See(HttpContext context) => new(Caller.Of(context).SeenOwner, Caller.Of(context).Types);

    /// <summary>Reading a mailbox is a change: what was read is hidden from others.</summary>
    public static MessageAccess Change(HttpContext context) => new(Caller.Of(context).ChangedOwner, Caller.Of(context).Types);
}
