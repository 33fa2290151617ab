using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;
using RealtimeOps.Hosting;

namespace RealtimeOps.Watch;

/// <summary>What every stream of a hub has in common: failures reach the client as problems, and only the unexpected ones the operator as errors.</summary>
internal static class HubStream
{
    /// <summary>Reads on in <paramref name="items"/>, which throws a <see cref="ProblemException"/> where it refuses.</summary>
    public static async IAsyncEnumerable<T> AsHubStream<T>(this IAsyncEnumerable<T> items, ILogger logger, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using IAsyncEnumerator<T> reader = items.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await reader.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                throw Refusal(failure, logger);
            }

            yield return reader.Current;
        }
    }

    private static HubException Refusal(Exception failure, ILogger logger)
    {
        Problem problem = failure switch
        {
            ProblemException known => known.Problem,
            StoreUnavailableException => Problems.StoreUnavailable,
            _ => Problems.Unexpected,
        };
        if (ReferenceEquals(problem, Problems.Unexpected))
        {
            WatchLog.HubStreamFailed(logger, failure, Activity.Current?.TraceId.ToHexString() ?? "none");
        }
        else
        {
            WatchLog.HubRefused(logger, problem.Detail);
        }

        return new HubException($"urn:realtimeops:{problem.Name}: {problem.Detail}");
    }
}
