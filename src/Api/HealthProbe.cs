namespace RealtimeOps.Api;

/// <summary>Asks a running server whether it is ready: <c>RealtimeOps.Api --health http://localhost:5080</c>. For container images, which have nothing else that could ask.</summary>
internal static class HealthProbe
{
    private const string Option = "--health";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static bool IsWanted(string[] args) => args is [Option, ..];

    /// <summary>Answers the exit code: 0 when it is ready.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [_, var address] || !Uri.TryCreate(address, UriKind.Absolute, out Uri? server))
        {
            await Console.Error.WriteLineAsync($"Say whom to ask: {Option} http://localhost:5080");
            return 2;
        }

        using var client = new HttpClient { Timeout = Limit };
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri(server, "/health/ready"));
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }
}
