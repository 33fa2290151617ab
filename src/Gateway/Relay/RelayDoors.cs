using RealtimeOps.Watch.Description;

namespace RealtimeOps.Relay;

/// <summary>The descriptions of what services report to. The relayed paths are described with their types, for those who may use them.</summary>
internal static class RelayDoors
{
    private const string Relay = "Relay";

    public static readonly Door Progress = new("reportProgress", Relay, "For the service that does the work, which was sent this address in `Operation-Report-Uri`. Where nothing is heard for longer than the route's `Silence`, the attempt has failed.")
    {
        Body = [new("Progress")],
        Answers = [new(204, "Shown to all who wait.")],
        Problems = [401, 409, 410, 413, 503],
    };

    public static readonly Door Outcome = new("reportOutcome", Relay, "Bytes of any media type and size are the result, none at all a success without one, and a problem is the failure. It ends the operation.")
    {
        Body = [Content.Bytes, new("Problem", "application/problem+json")],
        Answers = [new(204, "On disk; the operation has ended.")],
        Problems = [401, 409, 410, 413, 503],
    };
}
