namespace RealtimeOps.Operations;

/// <summary>What a relayed request was besides its body; kept with the input, so that it can be sent after a restart and again.</summary>
/// <param name="Method">PUT, POST or DELETE.</param>
/// <param name="Path">Below the target of its route, as the client encoded it: empty, or with a slash in front.</param>
/// <param name="Query">As the client wrote it, with the question mark, or empty.</param>
/// <param name="Headers">Those that its route passes on.</param>
internal sealed record RequestHead(string Method, string Path, string Query, IReadOnlyDictionary<string, string[]> Headers);
