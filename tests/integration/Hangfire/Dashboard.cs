#if USE_HANGFIRE
using System.Net;
using System.Text.RegularExpressions;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;
using Microsoft.Extensions.DependencyInjection;
using RealtimeOps.Hangfire;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Hangfire;

/// <summary>A person before the dashboard: reads pages, presses buttons; and Hangfire's own word on its jobs.</summary>
internal sealed partial class Dashboard : IDisposable
{
    private readonly HttpClient _http;
    private readonly IMonitoringApi _monitor;

    public Dashboard(GatewayServer server)
    {
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = server.Client.Address, Timeout = Limits.Limit };
        _monitor = server.Services.GetRequiredService<EngineStorage>().Jobs.GetMonitoringApi();
    }

    public async Task<string> ReadAsync(string page = "")
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri("/hangfire" + page, UriKind.Relative), TestContext.Current.CancellationToken).Limited();
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).Limited();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return text;
    }

    public async Task<HttpStatusCode> PressAsync(string command, bool withToken = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hangfire" + command);
        if (withToken)
        {
            string page = await ReadAsync();
            request.Headers.Add(Meta(page, "csrf-header"), Meta(page, "csrf-token"));
        }

        using HttpResponseMessage response = await _http.SendAsync(request, TestContext.Current.CancellationToken).Limited();
        return response.StatusCode;
    }

    /// <summary>The newest job of the operation, once its state is as wanted.</summary>
    public async Task<(string Id, JobDetailsDto Details)> JobAsync(string uri, string state)
    {
        string operation = OperationOf(uri);
        long start = TimeProvider.System.GetTimestamp();
        string? id = null;
        while (TimeProvider.System.GetElapsedTime(start) < Limits.Limit)
        {
            id = Find(operation) ?? id;
            if (id is not null && _monitor.JobDetails(id) is { } details && details.History[0].StateName == state)
            {
                return (id, details);
            }

            // Hangfire tells nobody of a change that is committed.
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"The job of {operation} did not become {state}; it is {(id is null ? "not there" : _monitor.JobDetails(id)?.History[0].StateName)}.");
    }

    public JobDetailsDto Details(string id) => _monitor.JobDetails(id);

    public static string OperationOf(string uri) => uri[(uri.IndexOf("/operations/", StringComparison.Ordinal) + "/operations/".Length)..];

    public void Dispose() => _http.Dispose();

    private string? Find(string operation)
    {
        (string Id, string? Operation)[] jobs =
        [
            .. Ids(_monitor.ProcessingJobs(0, 1000), job => job.Job),
            .. Ids(_monitor.ScheduledJobs(0, 1000), job => job.Job),
            .. Ids(_monitor.SucceededJobs(0, 1000), job => job.Job),
            .. Ids(_monitor.FailedJobs(0, 1000), job => job.Job),
            .. Ids(_monitor.DeletedJobs(0, 1000), job => job.Job),
            .. _monitor.Queues().SelectMany(queue => Ids(_monitor.EnqueuedJobs(queue.Name, 0, 1000), job => job.Job)),
        ];
        return jobs.FirstOrDefault(job => job.Operation == operation).Id;
    }

    private static IEnumerable<(string Id, string? Operation)> Ids<T>(JobList<T> jobs, Func<T, global::Hangfire.Common.Job?> jobOf)
        where T : class =>
        jobs.Where(job => job.Value is not null).Select(job => (job.Key, OperationJob.KeyOf(jobOf(job.Value))?.ToString()));

    private static string Meta(string page, string name) => MetaPattern().Matches(page).First(match => match.Groups["name"].Value == name).Groups["content"].Value;

    [GeneratedRegex("<meta name=\"(?<name>[^\"]+)\" content=\"(?<content>[^\"]+)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MetaPattern();
}
#endif
