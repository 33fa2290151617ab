namespace RealtimeOps.Relay;

/// <summary>Reads from a service's first answer that it goes on by itself, and where it tells of it.</summary>
internal static class Acceptance
{
    private static readonly string[] AzureHeaders = ["Operation-Location", "Azure-AsyncOperation"];

    /// <summary>Null when the answer is the outcome.</summary>
    /// <exception cref="Execution.OperationFailedException">It points to where its route does not go.</exception>
    public static RelayCheckpoint? Read(RelayCall call, ServiceAnswer answer, RemoteStatus? status, Uri from)
    {
        var accepted = new RelayCheckpoint(call.Context.Attempt) { IsAccepted = true, Form = status?.Form ?? RemoteForm.Plain, IsCertain = status is { IsCertain: true } };
        string? location = answer["Location"];
        if (answer.IsSuccess && AzureHeaders.Select(header => answer[header]).OfType<string>().FirstOrDefault() is { } azure)
        {
            return accepted with
            {
                Monitor = call.Resolve(from, azure),
                Form = RemoteForm.Azure,
                IsCertain = true,
                ResultUri = location is null ? null : call.Resolve(from, location),
            };
        }

        bool isUnfinished = status is { State: RemoteState.Unfinished };
        return answer.Code switch
        {
            303 or 202 when location is not null => accepted with { Monitor = call.Resolve(from, location) },

            // Whatever was created has a Location, and many things have a status: this is a job only with the mark of one.
            201 when location is not null && isUnfinished && status is { Form: RemoteForm.Ogc, IsCertain: true } => accepted with { Monitor = call.Resolve(from, location) },
            202 => accepted with { Monitor = Named(call, status, from) },
            200 or 201 when isUnfinished && status!.Form is RemoteForm.Google => accepted with { Monitor = Named(call, status, from) },
            _ => null,
        };
    }

    private static Uri? Named(RelayCall call, RemoteStatus? status, Uri from) =>
        status?.Monitor is not { } monitor ? null
        : status.Form is RemoteForm.Google ? call.Resolve(from, VersionOf(call, from) + monitor.TrimStart('/'))
        : call.Resolve(from, monitor);

    /// <summary>Google's operations stand below the version of the API: <c>/v1/operations/7</c> for what was sent to <c>/v1/reports</c>.</summary>
    private static string VersionOf(RelayCall call, Uri from)
    {
        string above = call.Route.Target.AbsolutePath.TrimEnd('/') + "/";
        string first = from.AbsolutePath.StartsWith(above, StringComparison.Ordinal) ? from.AbsolutePath[above.Length..].Split('/')[0] : "";
        return first.Length > 1 && first[0] == 'v' && char.IsAsciiDigit(first[1]) ? above + first + "/" : above;
    }
}
