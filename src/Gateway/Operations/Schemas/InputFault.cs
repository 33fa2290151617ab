namespace RealtimeOps.Operations.Schemas;

/// <summary>One thing that is wrong with the input of an operation.</summary>
/// <param name="Pointer">Where: a JSON Pointer (RFC 6901) from the root of the input; empty for the root itself.
/// A missing member is pointed at as if it were there.</param>
/// <param name="Detail">What, for a person: "must be at least 0, but is -1".</param>
public sealed record InputFault(string Pointer, string Detail);
