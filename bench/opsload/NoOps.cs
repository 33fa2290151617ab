using System.Diagnostics;

namespace Bench.OpsLoad;

/// <summary>
/// Operations that do nothing, from acceptance to durable end. With --filled all wait for one common moment and the clock
/// runs from that moment; else it runs from the first submission.
/// </summary>
internal static class NoOps
{
    public static async Task<int> RunAsync(Options o)
    {
        using var target = new Target(o);
        int count = o.Int("count", 20000), warmup = o.Int("warmup", 5000);
        bool filled = o.Has("filled");
        var limit = TimeSpan.FromSeconds(o.Int("limit", 180));
        using HttpLoop loop = target.Connect(o.Int("connections", 64));
        string body = Target.NoOp(0);

        byte[] plain = target.Submission(body);
        loop.Run(warmup, _ => plain, static (in HttpAnswer _, long _) => { }, limit);
        await target.UntilAllEndedAsync(limit);

        DateTimeOffset due = DateTimeOffset.UtcNow.AddSeconds(o.Int("lead", 15));
        byte[] request = filled ? target.Submission(body, "?notBefore=" + Target.Instant(due)) : plain;
        var locations = new HashSet<string>(count);
        int accepted = 0;
        DateTimeOffset began = DateTimeOffset.UtcNow;
        Usage from = Usage.Take(target.Pids);
        loop.Run(count, _ => request, (in HttpAnswer a, long _) =>
        {
            if (a.Status == 202) accepted++;
            locations.Add(Target.Path(a.Location));
        }, limit);
        double submitted = (Stopwatch.GetTimestamp() - from.At) / 1e9;
        if (filled)
        {
            TimeSpan left = due - DateTimeOffset.UtcNow;
            if (left < TimeSpan.FromSeconds(1)) throw new TimeoutException("filling took too long; use a larger --lead");
            await Task.Delay(left);
            began = due;
            from = Usage.Take(target.Pids);
        }
        long emptyAt = await target.UntilAllEndedAsync(limit);
        Usage to = Usage.Take(target.Pids);
        Ended ended = await target.CheckEndedAsync(locations);

        double seconds = (emptyAt - from.At) / 1e9;
        var report = new Report(o)
        {
            ["count"] = count,
            ["accepted"] = accepted,
            ["succeeded"] = ended.Succeeded,
            ["submitted_s"] = submitted,
            ["first_start_s"] = (ended.FirstStart - began).TotalSeconds,
            ["last_end_s"] = (ended.LastEnd - began).TotalSeconds,
            ["per_s"] = count / seconds,
            ["per_s_by_ended_at"] = count / (ended.LastEnd - began).TotalSeconds,
        };
        report.Cpu(from, to, count);
        report.Print();
        return accepted == count && ended.Succeeded == count ? 0 : 1;
    }
}
