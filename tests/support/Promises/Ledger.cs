using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;

namespace RealtimeOps.TestSupport.Promises;

/// <summary>Everything that anybody was ever told. Two who compare notes must never find a contradiction, in whatever life of the server each was told.</summary>
/// <param name="isOneServer">
/// Who was told the same version by one server was told the same, to the letter. Of what still runs, another node may lack the estimated end, or the last word of the handler.
/// </param>
public sealed partial class Ledger(bool isOneServer)
{
    private readonly bool _isOneServer = isOneServer;
    private readonly ConcurrentDictionary<(string Path, long Version), string> _snapshots = new();
    private readonly ConcurrentDictionary<string, string> _ends = new();
    private readonly ConcurrentDictionary<string, string> _results = new();

    /// <summary>Somebody who looks at one operation for a while; what was told once is not taken back.</summary>
    public Observer Observe() => new(this);

    public string? EndOf(string path) => _ends.GetValueOrDefault(path);

    /// <summary>An answer of <c>/result</c> after the end: the same bytes for ever. A problem's traceId belongs to the request.</summary>
    public void SawResult(string path, Answer answer)
    {
        string told = $"{answer.Code} {answer["ETag"]} {TraceId().Replace(answer.Text, "")}";
        _results.GetOrAdd(path, told).Equals(told, StringComparison.Ordinal).ShouldBeTrue($"{path}: {_results[path]}, and then: {told}");
    }

    /// <summary>A version names one content; and there is one end.</summary>
    private void Saw(string path, JsonElement status)
    {
        string text = QueuePosition().Replace(status.GetRawText(), "");
        if (_isOneServer)
        {
            _snapshots.GetOrAdd((path, status.Number("version")!.Value), text).ShouldBe(text);
        }

        if (status.Number("progress") == 100)
        {
            _ends.GetOrAdd(path, text).ShouldBe(text);
        }
    }

    [GeneratedRegex(",\"queuePosition\":\\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QueuePosition();

    [GeneratedRegex(",\"traceId\":\"[^\"]*\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TraceId();

    public sealed class Observer(Ledger ledger)
    {
        private long _attempt;
        private long _progress;
        private bool _ended;

        public long Version { get; private set; }

        public void Saw(JsonElement status)
        {
            string story = status.GetRawText();
            long version = status.Number("version")!.Value;
            long attempt = status.Number("attempt")!.Value;
            long progress = status.Number("progress")!.Value;
            bool ended = status.Text("state") is "succeeded" or "failed" or "canceled";

            version.ShouldBeGreaterThanOrEqualTo(Version, story);
            attempt.ShouldBeGreaterThanOrEqualTo(_attempt, story);
            // An attempt that died with its server is over; of its last second only the versions are kept.
            bool sameAttempt = attempt == _attempt && status.Text("state") != "queued";
            // Who cancels at a node that has not heard the last word of the one that runs it is shown what that node knows.
            sameAttempt &= ledger._isOneServer || status.Text("state") != "canceling";
            progress.ShouldBeGreaterThanOrEqualTo(sameAttempt ? _progress : 0, story);
            (progress == 100).ShouldBe(ended, story);
            status.Has("status").ShouldBe(ended, story);
            status.Has("message").ShouldBe(ended, story);
            (_ended && !ended).ShouldBeFalse("The end was taken back: " + story);
            ledger.Saw(new Uri(status.Text("uri")!).AbsolutePath, status);
            (Version, _attempt, _progress, _ended) = (version, attempt, progress, ended);
        }
    }
}
