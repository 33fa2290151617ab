namespace Bench.OpsLoad;

/// <summary>Durable acceptances a second: every answer counted is a 202.</summary>
internal static class Submit
{
    public static async Task<int> RunAsync(Options o)
    {
        using var target = new Target(o);
        int count = o.Int("count", 20000), warmup = o.Int("warmup", 0), every = o.Int("ids-every", 1);
        byte[] request = target.Submission(o.Get("body") ?? Target.NoOp(o.Int("body-bytes", 200)), o.Get("query") ?? "", o.All("header"));
        using HttpLoop loop = target.Connect(o.Int("connections", 64));
        var limit = TimeSpan.FromSeconds(o.Int("limit", 600));
        var latency = new Histogram();
        var statuses = new SortedDictionary<int, long>();
        string? ids = o.Get("ids-file");
        using StreamWriter? locations = ids is null ? null : new StreamWriter(ids);

        if (warmup > 0) loop.Run(warmup, _ => request, static (in HttpAnswer _, long _) => { }, limit);
        long n = 0;
        Usage from = Usage.Take(target.Pids);
        loop.Run(count, _ => request, (in HttpAnswer a, long ns) =>
        {
            latency.Add(ns);
            statuses[a.Status] = statuses.GetValueOrDefault(a.Status) + 1;
            if (locations is not null && n++ % every == 0) locations.WriteLine(Target.Path(a.Location));
        }, limit);
        Usage to = Usage.Take(target.Pids);

        var report = new Report(o) { ["count"] = count, ["accepted"] = statuses.GetValueOrDefault(202), ["statuses"] = statuses, ["per_s"] = count / ((to.At - from.At) / 1e9) };
        report.Latency("", latency);
        report.Cpu(from, to, count);
        if (o.Has("wait-ended")) report["all_ended_s"] = (await target.UntilAllEndedAsync(limit) - from.At) / 1e9;
        report.Print();
        return statuses.GetValueOrDefault(202) == count ? 0 : 1;
    }
}
