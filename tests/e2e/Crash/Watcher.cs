using System.Net;
using System.Text.Json;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Crash;

/// <summary>A way of waiting.</summary>
internal enum Way
{
    Stream,
    LongPoll,
    Poll,
}

/// <summary>Waits for the end of one operation in one of the ways, over all deaths of the server, then reads the result.</summary>
internal sealed class Watcher(MortalServer server, Ledger ledger, string path)
{
    /// <summary>Far above what the whole test takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Ledger.Observer _observer = ledger.Observe();
    private string? _lastEventId;
    private string? _etag;
    private bool _ended;

    public async Task WatchAsync(Way way)
    {
        Task watching = way switch
        {
            Way.Stream => StreamAsync(),
            Way.LongPoll => LongPollAsync(),
            _ => PollAsync(),
        };
        try
        {
            await watching.WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{path} does not end for {way}; the last word was version {_observer.Version}.");
        }

        ledger.SawResult(path, await server.AskAsync(client => client.GetAsync(path + "/result")));
    }

    /// <summary>As EventSource does: after a cut it comes back with the id of the last event, until it is told 204.</summary>
    private async Task StreamAsync()
    {
        while (await server.AskAsync(ReadStreamAsync) != HttpStatusCode.NoContent)
        {
        }

        _ended.ShouldBeTrue($"{path}: told that nothing more comes, without having been told the end.");
    }

    private async Task LongPollAsync()
    {
        while (!_ended)
        {
            Answer answer = await server.AskAsync(client => client.GetAsync(path, _etag is null ? [("Prefer", "wait=5")] : [("Prefer", "wait=5"), ("If-None-Match", _etag)]));
            if (answer.Code != 304)
            {
                Saw(answer);
                _etag = answer["ETag"];
            }
        }
    }

    /// <summary>Asks once in a while, as little as the server likes.</summary>
    private async Task PollAsync()
    {
        while (!_ended)
        {
            Answer answer = await server.AskAsync(client => client.GetAsync(path));
            Saw(answer);
            if (!_ended)
            {
                await Task.Delay(TimeSpan.FromSeconds(int.Parse(answer["Retry-After"]!)), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }

    private async Task<HttpStatusCode> ReadStreamAsync(GatewayClient client)
    {
        HttpResponseMessage response = await client.OpenAsync(
            HttpMethod.Get, path, null, _lastEventId is null ? [("Accept", "text/event-stream")] : [("Accept", "text/event-stream"), ("Last-Event-ID", _lastEventId)]);
        await using EventStream stream = await EventStream.OpenAsync(response);
        response.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NoContent);
        while (response.StatusCode == HttpStatusCode.OK && await stream.NextStatusAsync() is { } status)
        {
            _lastEventId = stream.LastEventId;
            _lastEventId.ShouldBe(status.Number("version").ToString());
            Saw(status);
        }

        return response.StatusCode;
    }

    private void Saw(Answer answer)
    {
        answer.Code.ShouldBeOneOf([200, 202], $"{path}: {answer.Text}");
        Saw(answer.Json);
        answer.Code.ShouldBe(_ended ? 200 : 202);
    }

    private void Saw(JsonElement status)
    {
        _observer.Saw(status);
        _ended = status.Number("progress") == 100;
    }
}
