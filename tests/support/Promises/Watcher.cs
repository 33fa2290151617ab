using System.Globalization;
using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace RealtimeOps.TestSupport.Promises;

/// <summary>Waits for the end of one operation in one of the ways, over all deaths of servers, then reads the result.</summary>
public sealed class Watcher(IPersistentClient client, Ledger ledger, string path)
{
    /// <summary>Far above what a whole test takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Ledger.Observer _observer = ledger.Observe();
    private string? _lastEventId;
    private string? _etag;
    private bool _ended;

    public async Task WatchAsync(Way way)
    {
        Task watching = way switch
        {
            Way.Stream => StreamAsync(),
            Way.JsonLines => JsonLinesAsync(),
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

        ledger.SawResult(path, await client.AskAsync(door => door.GetAsync(path + "/result")));
    }

    /// <summary>As EventSource does: after a cut it comes back with the id of the last event, until it is told 204.</summary>
    private async Task StreamAsync()
    {
        while (await client.AskAsync(ReadStreamAsync) != HttpStatusCode.NoContent)
        {
        }

        _ended.ShouldBeTrue($"{path}: told that nothing more comes, without having been told the end.");
    }

    private async Task JsonLinesAsync()
    {
        while (!_ended)
        {
            await client.AskAsync(ReadLinesAsync);
        }
    }

    private async Task LongPollAsync()
    {
        while (!_ended)
        {
            Answer answer = await client.AskAsync(door => door.GetAsync(path, _etag is null ? [("Prefer", "wait=5")] : [("Prefer", "wait=5"), ("If-None-Match", _etag)]));
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
            Answer answer = await client.AskAsync(door => door.GetAsync(path));
            Saw(answer);
            if (!_ended)
            {
                await Task.Delay(TimeSpan.FromSeconds(int.Parse(answer["Retry-After"]!, CultureInfo.InvariantCulture)), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }

    private async Task<HttpStatusCode> ReadStreamAsync(GatewayClient door)
    {
        HttpResponseMessage response = await door.OpenAsync(
            HttpMethod.Get, path, null, _lastEventId is null ? [("Accept", "text/event-stream")] : [("Accept", "text/event-stream"), ("Last-Event-ID", _lastEventId)]);
        await using EventStream stream = await EventStream.OpenAsync(response);
        response.EnsureSuccessStatusCode();
        while (response.StatusCode == HttpStatusCode.OK && await stream.NextStatusAsync() is { } status)
        {
            _lastEventId = stream.LastEventId;
            _lastEventId.ShouldBe(status.Number("version").ToString());
            SawNews(status);
        }

        return response.StatusCode;
    }

    private async Task<bool> ReadLinesAsync(GatewayClient door)
    {
        using HttpResponseMessage response = await door.OpenAsync(HttpMethod.Get, $"{path}?lastEventId={_observer.Version}", null, ("Accept", "application/jsonl"));
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Limited() is { } line)
        {
            if (line.Length > 0)
            {
                SawNews(JsonDocument.Parse(line).RootElement);
            }
        }

        return true;
    }

    /// <summary>A stream tells nothing twice, and nothing that is older than what its reader has told it to know.</summary>
    private void SawNews(JsonElement status)
    {
        status.Number("version")!.Value.ShouldBeGreaterThan(_observer.Version, status.GetRawText());
        Saw(status);
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
