using System.Text;
using System.Text.Json;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests;

/// <summary>A shut-down as service managers do it, while everything is in use.</summary>
[Collection(Alone.Name)]
public sealed class ShutdownTests : IDisposable
{
    private const int Streams = 50;
    private const int Running = 10;

    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(3);
    private static readonly object Long = new { steps = 300, stepMs = 50, result = "whole" };

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Server_Terminated_EndsWholeInTimeAndGoesOnAtTheNextStart()
    {
        string[] paths = [.. Enumerable.Range(0, Running).Select(number => $"/operations/demo.steps/long-{number}")];
        Dictionary<string, int> answers;
        await using (GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path, settings: $"--Streams:Drain={Drain}"))
        {
            foreach (string path in paths)
            {
                (await server.Client.PutAsync(path, Long)).ShouldBe(202);
            }

            await Task.WhenAll(paths.Select(path => server.Client.WaitAsync(path, status => status.Number("progress") > 0)));
            Stream[] streams = await Task.WhenAll(Enumerable.Range(0, Streams).Select(number => OpenAsync(server.Client, paths[number % Running])));
            Task<(string Text, long EndedAt)[]> read = Task.WhenAll(streams.Select(ReadToEndAsync));
            var accepted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task<Dictionary<string, int>> submitting = SubmitUntilRefusedAsync(server.Client, accepted);
            await accepted.Task.Limited();

            long start = _time.GetTimestamp();
            await server.StopAsync();
            TimeSpan took = _time.GetElapsedTime(start);
            answers = await submitting;
            (string Text, long EndedAt)[] ended = await read;

            ended.ShouldAllBe(stream => IsWhole(stream.Text));
            TimeSpan[] lived = [.. ended.Select(stream => _time.GetElapsedTime(start, stream.EndedAt)).Order()];
            (lived[Streams * 3 / 4] - lived[Streams / 4]).ShouldBeGreaterThan(Drain * 0.2, "Not all end at once.");
            took.ShouldBeLessThan(Drain + TimeSpan.FromSeconds(20), "The drain, and the time that handlers have to stop.");
        }

        await using GatewayProcess next = await GatewayProcess.StartAsync(Repository.Server, _data.Path);
        foreach ((string path, int code) in answers)
        {
            code.ShouldBeOneOf(202, 503, 0);
            Answer status = await next.Client.GetAsync(path);
            status.Code.ShouldBeOneOf(code switch { 202 => [200, 202], 503 => [404], _ => [200, 202, 404] });
            if (status.Code != 404)
            {
                (await next.Client.WaitForEndAsync(path)).Number("status").ShouldBe(0);
            }
        }

        answers.Values.ShouldContain(202, "It accepted until it was told to stop,");
        answers.Values.ShouldContain(code => code != 202, "and nothing after that.");
        foreach (string path in paths)
        {
            JsonElement final = await next.Client.WaitForEndAsync(path);
            final.Number("status").ShouldBe(0);
            final.Number("attempt").ShouldBe(2);
            (await next.Client.GetAsync(path + "/result")).ShouldBe(200).Text.ShouldBe("\"whole\"");
        }

        await next.StopAsync();
    }

    private static async Task<Stream> OpenAsync(GatewayClient client, string path)
    {
        HttpResponseMessage response = await client.OpenAsync(HttpMethod.Get, path, null, ("Accept", "text/event-stream"));
        return await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A body that breaks off throws here: its last chunk is missing.</summary>
    private async Task<(string Text, long EndedAt)> ReadToEndAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        string text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken).Limited();
        return (text, _time.GetTimestamp());
    }

    /// <summary>Each line is one that a stream may have, each Status can be read, and an empty line closes the last event.</summary>
    private static bool IsWhole(string text) => text.EndsWith("\n\n", StringComparison.Ordinal) && text.Split('\n').All(line => line.Split(": ", 2) switch
    {
        [""] or ["retry", "2000"] or ["event", "heartbeat"] => true,
        ["id", var id] => long.TryParse(id, out _),
        ["data", var data] => JsonDocument.Parse(data).RootElement.ValueKind == JsonValueKind.Object,
        _ => false,
    });

    /// <summary>Submits one after the other until the server no longer listens; answers what became of each, 0 where there was no answer. Signals the first 202.</summary>
    private static async Task<Dictionary<string, int>> SubmitUntilRefusedAsync(GatewayClient client, TaskCompletionSource accepted)
    {
        var answers = new Dictionary<string, int>();
        while (!answers.ContainsValue(0))
        {
            string path = $"/operations/demo.steps/short-{answers.Count}";
            try
            {
                answers[path] = (await client.PutAsync(path, new { steps = 1, stepMs = 1 })).Code;
                if (answers[path] == 202)
                {
                    accepted.TrySetResult();
                }
            }
            catch (HttpRequestException)
            {
                answers[path] = 0;
            }
        }

        return answers;
    }
}
